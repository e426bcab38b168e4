#include "tests/replay/replay.h"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include <levada/runtime/app_setup.h>

namespace levada::testing {
namespace {

using namespace std::chrono_literals;

constexpr Duration kMonth = std::chrono::hours(24 * 30);
constexpr Duration kTimeout = 30s;
constexpr std::int64_t kDisorder = 2001;  // ms; less than that is an event behind the one before it
constexpr std::int64_t kTypes = 20;
const Timestamp kStart{std::chrono::hours(490'000)};

struct Event {
  std::string key;
  std::string type;
  Timestamp time;
};

Event event(std::int64_t i, std::int64_t count) {
  return {.key = fmt::format("order-{}", i),
          .type = fmt::format("type-{}", i * 31 % kTypes),
          .time = kStart + i * kMonth / count + Duration(i * 7919 % kDisorder)};
}

std::string hour_of(const std::string& type, Timestamp start) {
  return fmt::format("{}@{}", type, (start - kStart) / 1h);
}

void check(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
}

// A broker would delete what is of last year.
NewTopic topic_of(const std::string& name, Partition partitions) {
  return {.name = name, .partitions = partitions, .config = {{"retention.ms", "-1"}}};
}

StreamsConfig config_of(const MonthReplayOptions& options, const std::string& directory) {
  StreamsConfig config;
  config.set("application.id", options.application);
  config.set("bootstrap.servers", options.bootstrap_servers);
  config.set("processing.guarantee", options.guarantee);
  config.set("commit.interval.ms", "1000");
  config.set("state.dir", directory);
  config.set("levada.upstream.time.enabled", options.upstream_time ? "true" : "false");
  return config;
}

struct Reader final : RecordHandler {
  void on_record(std::size_t, const LogRecord& record) override {
    if (record.value) counts[std::string(*record.key)] = Serde<std::int64_t>().decode(*record.value);
  }
  void on_end_of_partition(std::size_t, Offset) override { ended = true; }
  std::map<std::string, std::int64_t> counts = {};
  bool ended = false;
};

}  // namespace

MonthReplay::MonthReplay(MonthReplayOptions options)
    : options_(std::move(options)),
      cluster_(internal::make_cluster(config_of(options_, directory_.path().string()), clock_, Logger()).value()),
      admin_(cluster_->admin({{"bootstrap.servers", options_.bootstrap_servers}}).value()) {}

void MonthReplay::send() {
  check(admin_->create_topics({topic_of(options_.topic, options_.partitions)}, kTimeout));
  const auto producer = cluster_->producer({{"bootstrap.servers", options_.bootstrap_servers}}).value();
  const TopicHandle topic = producer->topic(options_.topic, kTimeout).value();
  for (std::int64_t i = 0; i < options_.events; ++i) {
    const Event each = event(i, options_.events);
    absl::Status sent;
    do {
      sent = producer->send({.topic = topic,
                             .partition = static_cast<Partition>(i % options_.partitions),
                             .key = each.key,
                             .value = each.type,
                             .timestamp = each.time});
    } while (absl::IsResourceExhausted(sent));
    check(sent);
  }
  check(producer->flush(kTimeout));
}

Topology MonthReplay::topology() const {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>(options_.topic)
      .group_by([](const std::string& type) { return type; })
      .windowed_by(TimeWindows::of(1h, {.grace = std::chrono::minutes(options_.grace_minutes)}))
      .count({.store = "counts"})
      .to_stream([](const Windowed<std::string>& type, const std::optional<std::int64_t>&) {
        return hour_of(type.key, type.window.start);
      })
      .to(output());
  return builder.build().value();
}

StreamsApp MonthReplay::start(const std::string& instance) {
  const StreamsConfig config = config_of(options_, (directory_ / instance).string());
  absl::StatusOr<StreamsApp> app =
      StreamsApp::start(topology(), config, {.cluster = cluster_.get(), .stop_at_end = true});
  check(app.status());
  return *std::move(app);
}

ReplayResult MonthReplay::run() {
  count_events();
  check(admin_->create_topics({topic_of(output(), 1)}, kTimeout));
  const auto begin = clock_.steady_now();
  StreamsApp first = start("first");
  const auto tenth = static_cast<std::uint64_t>(options_.events / 10);
  while (first.metrics().input_processed < tenth) std::this_thread::sleep_for(1ms);
  StreamsApp second = start("second");
  check(first.wait_for_end());
  check(second.wait_for_end());
  ReplayResult result = {.dropped = first.metrics().dropped_total() + second.metrics().dropped_total()};
  result.seconds = std::chrono::duration<double>(clock_.steady_now() - begin).count();
  result.cpu_seconds = std::chrono::duration<double>(first.metrics().cpu_time + second.metrics().cpu_time).count();
  const Counts counts = read_output();
  result.hours = truth_.size();
  for (const auto& [hour, count] : truth_) {
    const auto found = counts.find(hour);
    if (found == counts.end() || found->second != count) ++result.wrong_hours;
  }
  return result;
}

void MonthReplay::count_events() {
  for (std::int64_t i = 0; i < options_.events; ++i) {
    const Event each = event(i, options_.events);
    ++truth_[hour_of(each.type, std::chrono::floor<std::chrono::hours>(each.time))];
  }
}

MonthReplay::Counts MonthReplay::read_output() {
  Reader reader;
  const auto consumer =
      cluster_->consumer({{"bootstrap.servers", options_.bootstrap_servers}, {"isolation.level", "read_committed"}})
          .value();
  check(consumer->assign({{{output(), 0}, 0, 0}}));
  while (!reader.ended) check(consumer->poll(100ms, 100'000, reader));
  return std::move(reader.counts);
}

}  // namespace levada::testing
