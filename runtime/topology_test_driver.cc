#include <algorithm>
#include <deque>
#include <map>

#include <levada/core/errors.h>
#include <levada/runtime/global_stores.h>
#include <levada/runtime/idle_timeouts.h>
#include <levada/runtime/internal_topics.h>
#include <levada/runtime/task.h>
#include <levada/runtime/topology_test_driver.h>
#include <levada/state/memory_budget.h>

namespace levada {
namespace {

constexpr std::size_t kMemory = 64 << 20;

void check(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
}

NullableView view(const NullableBytes& bytes) { return bytes ? NullableView(*bytes) : std::nullopt; }

// The topics of one test: everything that was written, and what is to be read again.
class TestTopics final : public RecordCollector {
 public:
  SinkTopic topic(const std::string& name) override {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return static_cast<SinkTopic>(i);
    }
    names_.push_back(name);
    return static_cast<SinkTopic>(names_.size() - 1);
  }

  const std::string& name(SinkTopic topic) const override { return names_[static_cast<std::size_t>(topic)]; }
  Partition partitions(SinkTopic) const override { return 1; }

  void send(SinkTopic topic, const OutputRecord& record) override {
    TestBytes written{.timestamp = record.timestamp};
    if (record.key) written.key = Bytes(*record.key);
    if (record.value) written.value = Bytes(*record.value);
    if (record.headers != nullptr) written.headers = *record.headers;
    const std::string& name = names_[static_cast<std::size_t>(topic)];
    unread_.emplace_back(name, std::move(written));
  }

  // What was written since the last call, in order. From now on it stands in its topic; what a record that failed wrote
  // is never seen, as in Kafka Streams.
  std::deque<std::pair<std::string, TestBytes>> take_unread() {
    for (const auto& [topic, record] : unread_) written_[topic].push_back(record);
    return std::exchange(unread_, {});
  }
  const std::map<std::string, std::vector<TestBytes>>& written() const { return written_; }

 private:
  std::vector<std::string> names_ = {};
  std::map<std::string, std::vector<TestBytes>> written_ = {};
  std::deque<std::pair<std::string, TestBytes>> unread_ = {};
};

// One task for these parts of the topology.
TaskPlan plan_of(const Topology& topology, const std::vector<SubTopology>& parts, const TestDriverOptions& options) {
  TaskPlan plan{.topology = &topology};
  plan.default_timestamp_extractor = options.default_timestamp_extractor;
  plan.position_headers = options.position_headers;
  for (const SubTopology& part : parts) plan.nodes.insert(plan.nodes.end(), part.nodes.begin(), part.nodes.end());
  std::sort(plan.nodes.begin(), plan.nodes.end());
  for (const NodeId id : plan.nodes) {
    if (topology.nodes[id].kind != NodeKind::kSource) continue;
    for (const std::string& topic : topology.nodes[id].topics) {
      plan.inputs.push_back({{full_topic_name(topology, options.application_id, topic), 0}, topic});
    }
  }
  for (const StoreSpec& store : topology.stores) {
    const bool used = std::any_of(parts.begin(), parts.end(), [&](const SubTopology& part) {
      return std::find(part.stores.begin(), part.stores.end(), store.name) != part.stores.end();
    });
    if (used) plan.stores.push_back(store);
  }
  return plan;
}

std::vector<TaskPlan> global_tasks(const Topology& topology, const TestDriverOptions& options) {
  std::vector<TaskPlan> plans;
  for (const SubTopology& part : sub_topologies(topology)) {
    if (part.global) plans.push_back(plan_of(topology, {part}, options));
  }
  return plans;
}

// All the others are one task.
TaskPlan task_plan(const Topology& topology, const TestDriverOptions& options) {
  std::vector<SubTopology> parts = sub_topologies(topology);
  std::erase_if(parts, [](const SubTopology& part) { return part.global; });
  TaskPlan plan = plan_of(topology, parts, options);
  for (StoreSpec& store : plan.stores) store.caching = store.caching && options.caching;
  plan.max_task_idle = options.max_task_idle;
  set_idle_timeouts({.by_default = options.idle_timeout}, topology, absl::MakeSpan(plan.inputs));
  return plan;
}

}  // namespace

class TopologyTestDriver::Run {
 public:
  Run(const Topology& topology, TestDriverOptions options)
      : topology_(topology),
        options_(std::move(options)),
        clock_(options_.start_time),
        budget_(kMemory),
        dropped_(Logger(), clock_) {
    TaskEnvironment environment{.application_id = options_.application_id,
                                .collector = topics_,
                                .dropped = dropped_,
                                .clock = clock_,
                                .emit_intervals = {.closed_windows = Duration(0), .outer_joins = Duration(0)},
                                .errors = options_.errors,
                                .app_configs = options_.app_configs,
                                .metrics = &sensors_};
    auto globals = GlobalStores::open(global_tasks(topology, options_), environment, global_directory(), budget_);
    check(globals.status());
    globals_ = *std::move(globals);
    environment.global_stores = globals_.get();
    auto task = Task::open(task_plan(topology, options_), environment, options_.state_directory, budget_);
    check(task.status());
    task_ = *std::move(task);
    check(task_->start());
    for (std::size_t i = 0; i < task_->inputs(); ++i) start(task_->input(i));
    for (std::size_t i = 0; i < globals_->tasks(); ++i) globals_->task(i).input(0).start_at(0, kNoTimestamp);
  }

  void pipe(const std::string& topic, const TestBytes& record) {
    if (enqueue_global(topic, record)) return check(globals_->process().status());
    if (!enqueue(topic, record) && !(read_if_it_matches(topic) && enqueue(topic, record)))
      throw std::invalid_argument("no source of the topology reads topic " + topic);
    run_to_the_end();
  }

  void advance(Duration by) {
    clock_.advance(by);
    check(task_->punctuate_wall_clock());
    commit();
    run_to_the_end();
  }

  StateStore& store(const std::string& name) {
    return globals_->contains(name) ? globals_->store(name) : task_->state().store(name);
  }
  const TestTopics& topics() const { return topics_; }
  const DroppedRecords& dropped() const { return dropped_; }
  const StreamsMetrics& sensors() const { return sensors_; }

 private:
  std::optional<std::filesystem::path> global_directory() const {
    if (!options_.state_directory) return std::nullopt;
    return *options_.state_directory / "global";
  }

  bool enqueue_global(const std::string& topic, const TestBytes& record) {
    for (std::size_t i = 0; i < globals_->tasks(); ++i) {
      if (enqueue(globals_->task(i), topic, record)) return true;
    }
    return false;
  }

  bool enqueue(const std::string& topic, const TestBytes& record) { return enqueue(*task_, topic, record); }

  bool enqueue(Task& task, const std::string& topic, const TestBytes& record) const {
    for (std::size_t i = 0; i < task.inputs(); ++i) {
      PartitionInput& input = task.input(i);
      if (input.where().topic != topic) continue;
      const Timestamp time = record.timestamp == kNoTimestamp ? clock_.now() : record.timestamp;
      input.push({view(record.key), view(record.value), time, input.fetch_position(), record.headers});
      input.reached_end(input.fetch_position());
      check(task.prepare().status());  // takes its place in the order of inputs
      return true;
    }
    return false;
  }

  // The first record of a topic that a pattern matches.
  bool read_if_it_matches(const std::string& topic) {
    TaskInput input = {.partition = {topic, 0}, .topic_in_topology = topic};
    set_idle_timeouts({.by_default = options_.idle_timeout}, topology_, {&input, 1});
    if (!task_->add_input(input).ok()) return false;
    start(task_->input(task_->inputs() - 1));
    return true;
  }

  // Nothing is ever known to be on its way.
  static void start(PartitionInput& input) {
    input.start_at(0, kNoTimestamp);
    input.reached_end(0);
  }

  void run_to_the_end() {
    process_what_is_there();
    check(task_->keep_up());
    commit();  // skipped records move offsets, too
    process_what_is_there();
  }

  void process_what_is_there() {
    while (task_->buffered_bytes() > 0) {
      const absl::StatusOr<bool> ready = task_->prepare();
      check(ready.status());
      if (!*ready) break;
      check(task_->process());
      check(task_->punctuate_stream_time());
      commit();
    }
  }

  void commit() {
    check(task_->prepare_commit());
    check(task_->finish_commit({}));
    for (const auto& [topic, record] : topics_.take_unread()) {
      if (!enqueue_global(topic, record)) enqueue(topic, record);
    }
    check(globals_->process().status());
  }

  const Topology& topology_;
  TestDriverOptions options_;
  ManualClock clock_;
  MemoryBudget budget_;
  TestTopics topics_ = {};
  DroppedRecords dropped_;
  StreamsMetrics sensors_ = {};
  std::unique_ptr<GlobalStores> globals_ = nullptr;
  std::unique_ptr<Task> task_ = nullptr;
};

TopologyTestDriver::TopologyTestDriver(const Topology& topology, TestDriverOptions options)
    : run_(std::make_unique<Run>(topology, std::move(options))) {}

TopologyTestDriver::~TopologyTestDriver() = default;

void TopologyTestDriver::advance_wall_clock_time(Duration by) { run_->advance(by); }

std::uint64_t TopologyTestDriver::dropped_records() const { return run_->dropped().total(); }

std::uint64_t TopologyTestDriver::dropped_records(DropReason reason) const { return run_->dropped().count(reason); }

std::map<std::string, SensorTotals> TopologyTestDriver::sensors() const { return run_->sensors().totals(); }

void TopologyTestDriver::pipe(const std::string& topic, const TestBytes& record) { run_->pipe(topic, record); }

const std::vector<TestBytes>& TopologyTestDriver::records(const std::string& topic) const {
  static const std::vector<TestBytes> none;
  const auto found = run_->topics().written().find(topic);
  return found == run_->topics().written().end() ? none : found->second;
}

std::vector<std::string> TopologyTestDriver::topics_written() const {
  std::vector<std::string> names;
  for (const auto& [name, records] : run_->topics().written()) names.push_back(name);
  return names;
}

StateStore& TopologyTestDriver::find_store(const std::string& name) { return run_->store(name); }

}  // namespace levada
