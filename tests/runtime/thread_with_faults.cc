#include "tests/runtime/thread_with_faults.h"

#include <fstream>

#include <levada/runtime/app_setup.h>

namespace levada::testing {

Topology ThreadWithFaults::counts() { return counts(CountOptions()); }

Topology ThreadWithFaults::counts(const CountOptions& options) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .aggregate(std::string("0"),
                 [padding = options.padding](const std::string& so_far, const std::string&) {
                   return std::to_string(std::stoi(so_far) + 1) + " " + padding;
                 },
                 {.store = "counts", .logging = options.logging})
      .to_stream()
      .to("out");
  return builder.build().value();
}

ThreadWithFaults::ThreadWithFaults() {
  EXPECT_TRUE(admin_->create_topics({{.name = "in", .partitions = 2}, {.name = "out", .partitions = 2}}, 1s).ok());
}

void ThreadWithFaults::start(Topology topology, const std::map<std::string, std::string>& more) {
  thread_.reset();
  topology_ = std::move(topology);
  StreamsConfig config;
  config.set("application.id", "app");
  config.set("bootstrap.servers", "embedded");
  config.set("commit.interval.ms", "100");
  config.set("state.dir", directory_.path().string());
  for (const auto& [key, value] : more) config.set(key, value);
  plan_ = internal::prepare_topics(topology_, config, *admin_, {}, logger_).value();
  thread_ = StreamThread::create(internal::thread_settings(config, *budget_, 1), {.plan = *plan_,
                                                                                  .cluster = cluster_,
                                                                                  .budget = *budget_,
                                                                                  .clock = clock_,
                                                                                  .log = logger_,
                                                                                  .restore_listener = listener_})
                .value();
  ASSERT_TRUE(thread_->join().ok());
}

void ThreadWithFaults::stop() {
  const absl::Status left = thread_->leave();
  EXPECT_TRUE(left.ok()) << left;
  thread_.reset();
}

void ThreadWithFaults::send(int times) {
  const TopicHandle in = producer_->topic("in", 1s).value();
  for (int i = 0; i < times * 2 * kKeys; ++i) {
    const std::string key = "k" + std::to_string(i % (2 * kKeys));
    ASSERT_TRUE(
        producer_->send({.topic = in, .partition = i % 2, .key = key, .value = "v", .timestamp = clock_.now()}).ok());
  }
  sent_ += times * 2 * kKeys;
}

absl::Status ThreadWithFaults::round() {
  clock_.advance(kRound);
  return thread_->run_once();
}

absl::Status ThreadWithFaults::run_until_error(Duration step) {
  for (int i = 0; i < 10'000; ++i) {
    clock_.advance(step);
    if (absl::Status status = thread_->run_once(); !status.ok()) return status;
  }
  ADD_FAILURE() << "no error\n" << log_.text();
  return absl::OkStatus();
}

void ThreadWithFaults::run_rounds(int rounds) {
  for (int i = 0; i < rounds; ++i) {
    const absl::Status status = round();
    ASSERT_TRUE(status.ok()) << status;
  }
}

void ThreadWithFaults::run_until(const std::function<bool()>& condition) {
  for (int i = 0; i < 10'000; ++i) {
    if (condition()) return;
    const absl::Status status = round();
    ASSERT_TRUE(status.ok()) << status;
  }
  FAIL() << "waited in vain; total " << total() << " of " << sent_ << "\n" << log_.text();
}

void ThreadWithFaults::run_until_counted() {
  run_until([this] { return total() == sent_ && committed(0) + committed(1) == sent_; });
}

Offset ThreadWithFaults::committed(Partition partition) {
  return std::max<Offset>(0, admin_->committed("app", {{"in", partition}}, 1s)->front().offset);
}

int ThreadWithFaults::total(std::optional<Partition> only) {
  struct Reader final : RecordHandler {
    void on_record(std::size_t, const LogRecord& record) override {
      latest[std::string(*record.key)] = std::stoi(std::string(*record.value));
    }
    void on_end_of_partition(std::size_t, Offset) override { ++ended; }
    std::map<std::string, int> latest = {};
    int ended = 0;
  } reader;
  auto consumer = broker_.consumer({}).value();
  EXPECT_TRUE(consumer->assign({{{"out", 0}, 0, 0}, {{"out", 1}, 0, 1}}).ok());
  while (reader.ended < 2) EXPECT_TRUE(consumer->poll(0ms, 1000, reader).ok());
  int sum = 0;
  for (const auto& [key, count] : reader.latest) {
    if (!only || std::stoi(key.substr(1)) % 2 == *only) sum += count;
  }
  return sum;
}

std::unique_ptr<TaskState> ThreadWithFaults::open_state(const TaskId& id) {
  return TaskState::open({.directory = directory_of(id),
                          .stores = plan_->task(id).stores,
                          .budget = *budget_,
                          .current = no_record_})
      .value();
}

void ThreadWithFaults::damage(const TaskId& id) {
  ASSERT_TRUE(open_state(id)->flush().ok());
  std::filesystem::path largest;
  for (const auto& file : std::filesystem::directory_iterator(directory_of(id))) {
    if (file.path().extension() != ".sst") continue;
    if (largest.empty() || file.file_size() > std::filesystem::file_size(largest)) largest = file.path();
  }
  ASSERT_FALSE(largest.empty());
  std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
  file << std::string(std::filesystem::file_size(largest) / 2, '\x55');
}

void ThreadWithFaults::fail(const std::string& what, const std::string& about, absl::StatusCode code) {
  cluster_.set_fault([=](const Request& request) {
    if (request.what != what || request.about != about) return absl::OkStatus();
    return absl::Status(code, what + " of " + about + ": nobody answers");
  });
}

}  // namespace levada::testing
