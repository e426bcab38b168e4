// Produces order events, made up or from a file, and says at the end what they add up to.
//
//   order_producer --topic order-events --partitions 4 --count 1000000 --rate 5000 --late 0.02 --broken 0.001
//   order_producer --topic order-events --file events.jsonl
//
// The last line on stdout is {"events":…,"late":…,"broken":…,"created":{"2026-01-01T00":…},"revenue":{…}}. The same
// options produce the same events. Without --count it goes on until SIGINT or SIGTERM.

#include <csignal>
#include <fstream>
#include <functional>
#include <optional>
#include <thread>

#include <CLI/CLI.hpp>

#include <levada/levada.h>
#include <levada/runtime/kafka_cluster.h>

#include "examples/order_generator.h"
#include "examples/program.h"

namespace {

constexpr levada::Duration kTimeout = std::chrono::seconds(60);

struct Options {
  std::string bootstrap_servers = "localhost:9092";
  std::string topic = "order-events";
  std::string file = {};
  std::string start = "2026-01-01T00:00:00Z";
  std::string step = "1s";
  levada::Partition partitions = 0;
  double rate = 0;
  std::uint64_t count = 0;
  examples::GeneratorOptions generator = {};
};

volatile std::sig_atomic_t stop_asked = 0;

void add_options(CLI::App& app, Options& options) {
  const CLI::Range share(0.0, 1.0);
  app.add_option("--bootstrap-servers", options.bootstrap_servers, "host:port[,host:port…]")->capture_default_str();
  app.add_option("--topic", options.topic, "where to")->capture_default_str();
  app.add_option("--partitions", options.partitions, "create the topic with so many, kept for ever, if it is missing");
  app.add_option("--count", options.count, "how many events; without it, no end");
  app.add_option("--rate", options.rate, "events a second; without it, as fast as possible");
  app.add_option("--late", options.generator.late_share, "share of events that come late")->check(share);
  app.add_option("--broken", options.generator.broken_share, "share of events that cannot be read")->check(share);
  app.add_option("--seed", options.generator.seed, "of all that is random")->capture_default_str();
  app.add_option("--start", options.start, "when the first event happened")->capture_default_str();
  app.add_option("--step", options.step, "from one event to the next, such as 500ms")->capture_default_str();
  app.add_option("--file", options.file, "real events instead, one JSON object a line")->check(CLI::ExistingFile);
}

// What comes next; nothing at the end.
using Events = std::function<std::optional<examples::GeneratedEvent>()>;

// The bytes of a line as they are. What cannot be read is sent as well: it is for others to find that out.
class FileEvents {
 public:
  FileEvents(const std::string& path, examples::OrderTotals& totals) : lines_(path), totals_(totals) {}

  std::optional<examples::GeneratedEvent> next() {
    examples::GeneratedEvent out;
    if (!std::getline(lines_, out.value)) return std::nullopt;
    ++totals_.events;
    try {
      const examples::OrderEvent event = examples::read_order_event(out.value);
      totals_.add(event);
      out.key = event.order_id;
      out.headers = examples::headers_of(event.type, levada::random_uuid(random_));
    } catch (const levada::SerdeError&) {
      ++totals_.broken;
    }
    return out;
  }

 private:
  std::ifstream lines_;
  examples::OrderTotals& totals_;
  std::mt19937_64 random_{std::random_device()()};
};

class Pace {
 public:
  explicit Pace(double rate) : rate_(rate) {}

  void wait_for_turn(std::uint64_t position) const {
    if (rate_ <= 0) return;
    const std::chrono::duration<double> offset(static_cast<double>(position) / rate_);
    std::this_thread::sleep_until(start_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(offset));
  }

 private:
  double rate_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void create_topic(levada::Cluster& cluster, const Options& options) {
  const auto admin = examples::value_or_throw(cluster.admin({}));
  examples::throw_on(admin->create_topics(
      {{.name = options.topic, .partitions = options.partitions, .config = {{"retention.ms", "-1"}}}}, kTimeout));
}

void send_all(levada::Producer& producer, const Options& options, const Events& next_event) {
  const levada::TopicHandle topic = examples::value_or_throw(producer.topic(options.topic, kTimeout));
  const Pace pace(options.rate);
  for (std::uint64_t sent = 0; stop_asked == 0; ++sent) {
    pace.wait_for_turn(sent);
    const std::optional<examples::GeneratedEvent> event = next_event();
    if (!event) break;
    const levada::NullableView key = event->key.empty() ? std::nullopt : levada::NullableView(event->key);
    examples::throw_on(producer.send({.topic = topic, .key = key, .value = event->value, .headers = &event->headers}));
  }
  examples::throw_on(producer.flush(kTimeout));
}

examples::OrderTotals produce(levada::Producer& producer, const Options& options) {
  if (!options.file.empty()) {
    examples::OrderTotals totals;
    FileEvents events(options.file, totals);
    send_all(producer, options, [&events] { return events.next(); });
    return totals;
  }
  examples::OrderGenerator generator(options.generator);
  const auto next = [&generator, &options]() -> std::optional<examples::GeneratedEvent> {
    if (options.count > 0 && generator.totals().events == options.count) return std::nullopt;
    return generator.next();
  };
  send_all(producer, options, next);
  return generator.totals();
}

int run(Options& options) {
  const std::optional<levada::Timestamp> start = levada::parse_iso8601(options.start);
  if (!start) throw std::runtime_error("--start: '" + options.start + "' is no time in ISO 8601");
  options.generator.start = *start;
  options.generator.step = examples::duration_or_throw(options.step);
  const auto cluster =
      examples::value_or_throw(levada::KafkaCluster::create({{"bootstrap.servers", options.bootstrap_servers}}));
  if (options.partitions > 0) create_topic(*cluster, options);
  const auto producer = examples::value_or_throw(
      cluster->producer({{"enable.idempotence", "true"}, {"acks", "all"}, {"compression.type", "lz4"}}));
  std::printf("%s\n", levada::to_json(produce(*producer, options)).c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Produces order events.");
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGINT, [](int) { stop_asked = 1; });
  std::signal(SIGTERM, [](int) { stop_asked = 1; });
  return examples::exit_code_of([&] { return run(options); });
}
