#include "tests/support/replay.h"

#include <utility>

#include <gtest/gtest.h>

namespace levada::testing {
namespace {

using namespace std::chrono_literals;

constexpr Duration kRound = 10ms;  // how far the clock moves
constexpr int kLastRounds = 500;   // what happens by the clock has happened then

struct Reader final : RecordHandler {
  void on_record(std::size_t tag, const LogRecord& record) override {
    const auto bytes = [](NullableView view) { return view ? NullableBytes(*view) : std::nullopt; };
    records.push_back({.partition = static_cast<Partition>(tag),
                       .key = bytes(record.key),
                       .value = bytes(record.value),
                       .timestamp = record.timestamp,
                       .headers = record.headers});
  }
  void on_end_of_partition(std::size_t, Offset) override { ++ended; }
  std::vector<ReplayedRecord> records = {};
  std::size_t ended = 0;
};

}  // namespace

Replay::Replay(Topology topology, ReplayOptions options)
    : topology_(std::move(topology)), options_(std::move(options)) {
  EXPECT_TRUE(
      admin_->create_topics({{.name = "in", .partitions = options_.partitions}, {.name = "out", .partitions = 1}}, 1s)
          .ok());
  plan_ = internal::prepare_topics(topology_, config("none"), *admin_, {}, logger_).value();
}

StreamsConfig Replay::config(const std::string& directory) const {
  StreamsConfig config;
  config.set("application.id", "app");
  config.set("bootstrap.servers", "embedded");
  config.set("commit.interval.ms", "100");
  config.set("session.timeout.ms", "2000");
  config.set("heartbeat.interval.ms", "500");
  config.set("state.dir", directory);
  for (const auto& [key, value] : options_.settings) config.set(key, value);
  EXPECT_TRUE(config.validate().ok()) << config.validate();
  return config;
}

Replay::Instance::Instance(Replay& replay, std::string name, int speed)
    : replay_(replay), name_(std::move(name)), speed_(speed) {
  start();
}

void Replay::Instance::start() {
  clusters_.push_back(std::make_unique<FaultyCluster>(replay_.broker_));
  StreamThreadSettings settings =
      internal::thread_settings(replay_.config(directory_->path().string()), replay_.budget_, 1, {.process = name_});
  settings.max_poll_records = replay_.options_.records_per_round;
  thread_ = StreamThread::create(std::move(settings), {.plan = *replay_.plan_,
                                                       .cluster = *clusters_.back(),
                                                       .budget = replay_.budget_,
                                                       .clock = replay_.clock_,
                                                       .log = replay_.logger_})
                .value();
  ASSERT_TRUE(thread_->join().ok());
}

void Replay::Instance::end() {
  dropped_before_ += thread_->dropped().total();
  thread_.reset();
}

void Replay::Instance::kill() {
  clusters_.back()->die();
  end();
}

void Replay::Instance::stop() {
  const absl::Status left = thread_->leave();
  EXPECT_TRUE(left.ok()) << left;
  end();
}

void Replay::Instance::run() {
  for (int i = 0; thread_ != nullptr && i < speed_; ++i) {
    const absl::Status status = thread_->run_once();
    ASSERT_TRUE(status.ok()) << status << "\n" << replay_.log_.text();
  }
}

Replay::Instance& Replay::add(const std::string& name, int speed) {
  instances_.push_back(std::make_unique<Instance>(*this, name, speed));
  return *instances_.back();
}

void Replay::send(Partition partition, const std::string& key, const std::string& value, Timestamp time) {
  const TopicHandle in = producer_->topic("in", 1s).value();
  const absl::Status sent =
      producer_->send({.topic = in, .partition = partition, .key = key, .value = value, .timestamp = time});
  ASSERT_TRUE(sent.ok()) << sent;
}

void Replay::run(int rounds) {
  for (int i = 0; i < rounds; ++i) {
    clock_.advance(kRound);
    for (const auto& instance : instances_) ASSERT_NO_FATAL_FAILURE(instance->run());
  }
}

void Replay::run_to_the_end() {
  constexpr int kMost = 100'000;
  int rounds = 0;
  for (; rounds < kMost && !at_the_end(); ++rounds) ASSERT_NO_FATAL_FAILURE(run(1));
  ASSERT_LT(rounds, kMost) << "waited in vain\n" << log_.text();
  run(kLastRounds);
}

bool Replay::at_the_end() {
  for (const auto& part : plan_->sub_topologies()) {
    for (const SourceTopic& topic : part.sources) {
      for (Partition partition = 0; partition < topic.partitions; ++partition) {
        const TopicPartition where{topic.name, partition};
        const OffsetRange log = admin_->offsets(where, 1s).value();
        const Offset committed = admin_->committed("app", {where}, 1s).value()[0].offset;
        if (log.end > log.begin && committed < log.end) return false;
      }
    }
  }
  return true;
}

std::uint64_t Replay::dropped() const {
  std::uint64_t sum = 0;
  for (const auto& instance : instances_) sum += instance->dropped();
  return sum;
}

std::vector<ReplayedRecord> Replay::read(const std::string& topic) {
  const Partition partitions = admin_->describe_topics({topic}, 1s).value().at(topic);
  Reader reader;
  std::vector<Assignment> all;
  for (Partition p = 0; p < partitions; ++p) all.push_back({{topic, p}, 0, static_cast<std::size_t>(p)});
  const auto consumer = broker_.consumer({{"isolation.level", "read_committed"}}).value();
  EXPECT_TRUE(consumer->assign(all).ok());
  while (reader.ended < all.size()) EXPECT_TRUE(consumer->poll(0ms, 100'000, reader).ok());
  return std::move(reader.records);
}

}  // namespace levada::testing
