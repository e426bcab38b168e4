// Order analytics at work: a producer and the application together for half a minute, on a cluster inside this process
// or on a real one, with a live table of orders and revenue per hour.
//
//   demo [--brokers host:port] [--seconds 30]
//
// The last line has the totals. They must equal what was produced: if they do not, the exit code is 1.

#include <atomic>
#include <filesystem>
#include <optional>
#include <random>
#include <thread>

#include <CLI/CLI.hpp>

#include <levada/levada.h>
#include <levada/runtime/kafka_cluster.h>
#include <levada/runtime/log_setup.h>

#include "examples/live_table.h"
#include "examples/order_generator.h"
#include "examples/order_results.h"
#include "examples/order_topology.h"
#include "examples/program.h"

namespace {

using std::chrono::steady_clock;

constexpr levada::Duration kTimeout = std::chrono::seconds(60);
constexpr levada::Duration kRefresh = std::chrono::milliseconds(100);
constexpr levada::Partition kPartitions = 4;

struct Options {
  std::optional<std::string> brokers = std::nullopt;
  double seconds = 30;
  double rate = 2000;
  std::uint64_t seed = 1;
};

// A name that nobody else uses, for topics, group and directory: a demo leaves a real cluster as it was.
std::string unique_name() {
  std::random_device device;
  return fmt::format("levada-demo-{:08x}", device());
}

class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const std::string& name) : path_(std::filesystem::temp_directory_path() / name) {}
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

// Produces in a thread of its own until told to stop.
class ProducerThread {
 public:
  ProducerThread(levada::Cluster& cluster, const std::string& topic, const Options& options)
      : producer_(examples::value_or_throw(cluster.producer({{"compression.type", "lz4"}}))),
        topic_(examples::value_or_throw(producer_->topic(topic, kTimeout))),
        rate_(options.rate),
        generator_(
            {.seed = options.seed, .step = std::chrono::milliseconds(500), .late_share = 0.02, .broken_share = 0.005}),
        thread_([this] { run(); }) {}
  ~ProducerThread() { join(); }
  ProducerThread(const ProducerThread&) = delete;
  ProducerThread& operator=(const ProducerThread&) = delete;

  // Everything is in the log after it.
  examples::OrderTotals stop() {
    join();
    examples::throw_on(status_);
    return generator_.totals();
  }

  std::uint64_t produced() const { return produced_.load(); }
  std::uint64_t late() const { return late_.load(); }

 private:
  void join() {
    stop_.store(true);
    if (thread_.joinable()) thread_.join();
  }

  void run() {
    const auto interval = std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>(1 / rate_));
    for (auto turn = steady_clock::now(); status_.ok() && !stop_.load(); turn += interval) {
      std::this_thread::sleep_until(turn);
      send_one();
    }
    status_.Update(producer_->flush(kTimeout));
  }

  void send_one() {
    const examples::GeneratedEvent event = generator_.next();
    status_ = producer_->send({.topic = topic_, .key = event.key, .value = event.value, .headers = &event.headers});
    produced_.store(generator_.totals().events);
    late_.store(generator_.totals().late);
  }

  std::unique_ptr<levada::Producer> producer_;
  levada::TopicHandle topic_;
  double rate_;
  examples::OrderGenerator generator_;
  absl::Status status_ = {};
  std::atomic<bool> stop_ = false;
  std::atomic<std::uint64_t> produced_ = 0;
  std::atomic<std::uint64_t> late_ = 0;
  std::thread thread_;  // last: what it uses must be there first
};

class Demo {
 public:
  Demo(levada::Cluster& cluster, const Options& options)
      : cluster_(cluster), options_(options), admin_(examples::value_or_throw(cluster.admin({}))) {
    std::vector<levada::NewTopic> topics;
    for (const std::string& topic : {analytics_.input, analytics_.counts, analytics_.revenue}) {
      topics.push_back({.name = topic, .partitions = kPartitions, .config = {{"retention.ms", "-1"}}});
    }
    examples::throw_on(admin_->create_topics(topics, kTimeout));
  }
  ~Demo() { delete_topics(); }
  Demo(const Demo&) = delete;
  Demo& operator=(const Demo&) = delete;

  // Whether the results equal what was produced.
  bool run() {
    const TemporaryDirectory state(name_);
    levada::StreamsApp app = start(state.path());
    examples::throw_on(app.wait_until_running(kTimeout));
    const examples::OrderTotals truth = produce_and_watch(app);
    const levada::AppMetrics metrics = app.metrics();
    examples::throw_on(app.stop());
    return check(truth, metrics);
  }

 private:
  levada::StreamsApp start(const std::string& state_dir) {
    levada::StreamsConfig config;
    config.set("application.id", name_);
    config.set("bootstrap.servers", options_.brokers.value_or("embedded"));
    config.set("state.dir", state_dir);
    config.set("num.stream.threads", "2");
    config.set("commit.interval.ms", "200");
    config.set("deserialization.exception.handler", "log-and-continue");
    config.set("levada.log.level", "error");
    levada::StreamsBuilder builder;
    examples::add_order_analytics(builder, analytics_);
    return examples::value_or_throw(
        levada::StreamsApp::start(builder.build(), config, {.log_sink = log_.get(), .cluster = &cluster_}));
  }

  examples::OrderTotals produce_and_watch(const levada::StreamsApp& app) {
    const auto consumer = results_consumer();
    examples::OrderResults results(*consumer, *admin_, analytics_.counts, analytics_.revenue);
    examples::LiveTable table;
    const auto begin = steady_clock::now();
    ProducerThread producer(cluster_, analytics_.input, options_);
    const auto look = [&] {
      results.read(kRefresh);
      const levada::AppMetrics metrics = app.metrics();
      const std::chrono::duration<double> elapsed = steady_clock::now() - begin;
      table.show(status_of(producer, metrics, elapsed.count()), results.totals());
      return elapsed.count();
    };
    while (look() < options_.seconds) check_alive(app);
    examples::OrderTotals truth = producer.stop();
    // Until it shows; if it never does, the check at the end tells what is wrong.
    while (!same_totals(results.totals(), truth) && look() < options_.seconds + kDrainSeconds) check_alive(app);
    look();
    return truth;
  }

  static void check_alive(const levada::StreamsApp& app) {
    const levada::AppState state = app.state();
    if (state == levada::AppState::kPendingError || state == levada::AppState::kError) {
      throw std::runtime_error("the application has failed");
    }
  }

  static examples::DemoStatus status_of(const ProducerThread& producer, const levada::AppMetrics& metrics,
                                        double elapsed_s) {
    return {.elapsed_s = elapsed_s,
            .produced = producer.produced(),
            .processed = metrics.input_processed,
            .lag = metrics.lag,
            .late = producer.late(),
            .late_dropped = dropped(metrics, levada::DropReason::kLate),
            .broken_dropped = dropped(metrics, levada::DropReason::kDeserialization)};
  }

  static std::uint64_t dropped(const levada::AppMetrics& metrics, levada::DropReason reason) {
    return metrics.dropped[static_cast<std::size_t>(reason)];
  }

  bool check(const examples::OrderTotals& truth, const levada::AppMetrics& metrics) {
    const auto consumer = results_consumer();
    const examples::OrderTotals results =
        examples::OrderResults::read_to_end(*consumer, *admin_, analytics_.counts, analytics_.revenue);
    const bool equal = same_totals(results, truth) &&
                       dropped(metrics, levada::DropReason::kDeserialization) == truth.broken &&
                       metrics.dropped_total() == truth.broken;
    fmt::print("{}{}", examples::LiveTable::hours_of(results), total_line("produced", truth));
    fmt::print("dropped: {} of {} broken events, {} late ones of {}\n",
               dropped(metrics, levada::DropReason::kDeserialization), truth.broken,
               dropped(metrics, levada::DropReason::kLate), truth.late);
    fmt::print("{}: {}", equal ? "totals equal what was produced" : "TOTALS DIFFER", total_line("results", results));
    return equal;
  }

  static std::string total_line(std::string_view what, const examples::OrderTotals& totals) {
    std::int64_t created = 0;
    double revenue = 0;
    for (const auto& [hour, count] : totals.created) created += count;
    for (const auto& [hour, sum] : totals.revenue) revenue += sum;
    return fmt::format("{} {} orders, {:.2f} revenue\n", what, created, revenue);
  }

  std::unique_ptr<levada::Consumer> results_consumer() {
    return examples::value_or_throw(cluster_.consumer({{"group.id", name_ + "-watcher"}}));
  }

  void delete_topics() {
    const auto topics = admin_->list_topics(kTimeout);
    if (!topics.ok()) return;
    std::vector<std::string> mine;
    for (const std::string& topic : *topics) {
      if (topic.starts_with(name_)) mine.push_back(topic);
    }
    admin_->delete_topics(mine, kTimeout).IgnoreError();
    admin_->delete_group(name_, kTimeout).IgnoreError();
  }

  static constexpr double kDrainSeconds = 60;

  levada::Cluster& cluster_;
  const Options options_;
  const std::string name_ = unique_name();
  const examples::OrderAnalytics analytics_ = {
      .input = name_ + "-events", .counts = name_ + "-orders", .revenue = name_ + "-revenue"};
  const std::unique_ptr<levada::LogSink> log_ = make_stderr_log_sink(levada::LogFormat::kText);
  std::unique_ptr<levada::Admin> admin_;
};

int run(const Options& options) {
  const levada::SystemClock clock;
  std::unique_ptr<levada::Cluster> cluster = std::make_unique<levada::EmbeddedCluster>(clock);
  if (options.brokers) {
    cluster = examples::value_or_throw(levada::KafkaCluster::create({{"bootstrap.servers", *options.brokers}}));
  }
  Demo demo(*cluster, options);
  return demo.run() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Order analytics, live.");
  app.add_option("--brokers", options.brokers, "a real cluster, host:port[,host:port…]; without it, one in memory");
  app.add_option("--seconds", options.seconds, "how long events are produced")->capture_default_str();
  app.add_option("--rate", options.rate, "events a second")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--seed", options.seed, "of the events")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return examples::exit_code_of([&] { return run(options); });
}
