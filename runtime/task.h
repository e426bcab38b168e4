// One sub-topology on one partition: its input queues, its processors and its state. The unit that is given to a
// thread, moved between instances, and restored.
//
//   ASSIGN_OR_RETURN(auto task, Task::open(plan, environment, directory, budget));
//   … restore what task->state() lacks …
//   task->start();                                              // builds the processors
//   task->input(0).push(record);
//   while (task->prepare().value()) task->process();            // in the order of timestamps
//   task->prepare_commit();                                     // caches go downstream, changes to their changelogs
//   … flush the producer, commit task->committable() …
//   task->finish_commit(changelog_ends);                        // the disk follows
//
// The same task runs under StreamThread and in TopologyTestDriver. Used by one thread. Errors are Statuses whose
// message names the task, the record's place and the node; after one the task can only be closed (destroyed), which
// writes nothing: what was not committed comes again.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/topology.h>
#include <levada/runtime/input_order.h>
#include <levada/runtime/partition_input.h>
#include <levada/runtime/silent_sources.h>
#include <levada/runtime/task_context.h>
#include <levada/runtime/task_graph.h>
#include <levada/runtime/task_id.h>
#include <levada/runtime/task_time.h>
#include <levada/runtime/time_teller.h>
#include <levada/state/task_state.h>

namespace levada {

// A topic partition that feeds the task.
struct TaskInput {
  TopicPartition partition = {};                        // as the cluster names it
  std::string topic_in_topology = {};                   // without the application id, if it is the topology's own
  std::optional<AutoOffsetReset> reset = std::nullopt;  // for a partition the group has no offset of
  std::optional<Duration> idle_timeout = std::nullopt;  // how long it may be silent; unset: for ever
  std::vector<TaskId> upstream = {};                    // tasks that tell their time in it, ascending
};

// What a task is made of. The topology must outlive the task.
struct TaskPlan {
  TaskId id = {};
  const Topology* topology = nullptr;
  std::vector<NodeId> nodes = {};
  std::vector<TaskInput> inputs = {};
  std::vector<StoreSpec> stores = {};
  DefaultTimestampExtractor default_timestamp_extractor = DefaultTimestampExtractor::kFail;
  bool feeds_tasks = false;               // some of what it sends is read by tasks of this application
  bool position_headers = false;          // changelog records say how far the store has come in the task's input
  Duration max_task_idle = Duration(-1);  // max.task.idle.ms; negative: no input is waited for
  std::vector<ToldTopic> told = {};       // where it tells its own time, by the names that the cluster knows
  // How often it does so without a record to send, at most. Unset: tasks tell each other nothing.
  std::optional<Duration> time_mark_interval = std::nullopt;
};

class Task {
 public:
  // Opens the stores in `directory` (none: in memory only). Nothing is processed before start().
  static absl::StatusOr<std::unique_ptr<Task>> open(TaskPlan plan, const TaskEnvironment& environment,
                                                    std::optional<std::filesystem::path> directory,
                                                    MemoryBudget& budget);

  const TaskId& id() const { return plan_.id; }
  bool feeds_tasks() const { return plan_.feeds_tasks; }
  TaskState& state() { return *state_; }
  // What was read or written of the state showed that its files are damaged: only a new task in a new directory helps.
  bool is_damaged() const { return damaged_; }

  // Builds the processors. The inputs then wait to be told where they stand.
  absl::Status start();
  bool started() const { return graph_ != nullptr; }
  // Where the group stands in each input; restores event time with it.
  void resume(const std::vector<CommittedOffset>& offsets);

  // One more, of a topic that a pattern matches. After start().
  absl::Status add_input(const TaskInput& input);
  std::size_t inputs() const { return inputs_.size(); }
  PartitionInput& input(std::size_t index) { return *inputs_[index]; }
  const PartitionInput& input(std::size_t index) const { return *inputs_[index]; }
  // The input is a topic of the application's own.
  bool is_internal(std::size_t index) const {
    return plan_.inputs[index].partition.topic != plan_.inputs[index].topic_in_topology;
  }
  std::size_t buffered_bytes() const;  // fetched and not yet processed

  // A record of its only input can be processed where it stands: nothing waits, no order has to be kept, and nothing
  // is gained by knowing what comes next. That spares the record its place in a queue, and the choice of the next one.
  bool takes_at_once(const LogRecord& record) const {
    return at_once_ && inputs_.size() == 1 && inputs_.front()->takes_at_once(record);
  }
  // Does so, in place of input().push(), prepare() and process(). False: it was passed over.
  absl::StatusOr<bool> process_at_once(const LogRecord& record);

  // Looks for the oldest record among the heads of the inputs. False if there is none, or an input that has run dry is
  // to be waited for: as long as its log is not known to have been read to the end, and then for max_task_idle.
  absl::StatusOr<bool> prepare();
  // After prepare() was false: there are records, and an input that is waited for.
  bool holds_back() const { return holds_back_; }
  // The same, and the log of the input has more, or nobody knows.
  bool waits_for_log() const { return waits_for_log_; }
  // After prepare() was true.
  Timestamp head_time() const { return inputs_[order_.first()]->head_time(); }
  absl::Status process();
  // Combiners hold partial aggregates back, which must be sent before a record of a later time than this is processed
  // by this task, or by another one of the same sub-topology: those of all of them. By number, in the same order for
  // each.
  std::size_t combiners() const { return combiners_.size(); }
  Timestamp combined_until(std::size_t combiner) const { return combiners_[combiner]->flush_by(); }
  absl::Status send_combined(std::size_t combiner);
  // How many records of topics that are not the application's own were processed or skipped since the last call.
  std::uint64_t take_processed_inputs();
  // Every input has a record waiting, or none in the log.
  bool has_all_inputs() const;
  bool at_end() const;

  Timestamp stream_time() const { return stream_time_; }
  absl::Status punctuate_stream_time();
  absl::Status punctuate_wall_clock();
  // What is to be done now and then, besides records and punctuations: time goes on where sources are silent, and some
  // of what has expired in stores is removed.
  absl::Status keep_up();
  // Nobody has looked at the logs meanwhile, so that nothing was silent.
  void end_silence() { silent_sources_.end(); }
  bool take_commit_request() { return context_->take_commit_request(); }

  // Something was processed or emitted since the last commit.
  bool needs_commit() const;
  absl::Status prepare_commit();
  std::vector<CommittedOffset> committable() const;  // of inputs that have got further
  std::vector<CommittedOffset> positions() const;    // of all inputs
  // Writes the changes to the engines, with the offsets where the changelogs of the given stores stand. A store that is
  // restored from a topic of a source stands where that input does.
  absl::Status finish_commit(const std::map<std::string, Offset>& changelog_ends);

  // What waits in the queues is forgotten; stores and positions stay as committed.
  void suspend();

 private:
  Task(TaskPlan plan, const TaskEnvironment& environment);

  void make_input(const TaskInput& input);
  absl::Status line_up(std::size_t index);
  absl::Status process_head(PartitionInput& input);
  bool must_wait_for(std::size_t index);
  absl::Status advance_in_silence();
  bool listens_upstream() const;
  const Timestamp& time_limit_of(const StoreSpec& store);
  void find_time_limit();
  void follow_upstream();
  Timestamp told_time() const;
  bool has_nothing_to_come() const;
  void set_stream_time(Timestamp time);
  template <class Wanted>
  std::vector<CommittedOffset> offsets_of(const Wanted& wanted) const;
  void add_source_positions(std::map<std::string, Offset>& offsets) const;
  absl::Status punctuate(PunctuationType type, Timestamp now);
  // Runs a step of the topology; what it throws becomes a status that says where.
  template <class Step>
  absl::Status guarded(Step step);
  std::string place() const;
  std::map<std::string, Timestamp> processor_times() const;
  bool holds_nothing_back() const;
  void flush_caches();
  void tell_time();
  Headers changelog_headers(const StoreHost& host) const;
  void send_changes(StoreHost& host);
  std::vector<StoreHost*> stores_by_key() const;

  TaskPlan plan_;
  TaskEnvironment environment_;
  RecordContext current_ = {};
  SourceBytes source_bytes_ = {};
  std::unique_ptr<TaskState> state_ = nullptr;
  std::unique_ptr<TaskContext> context_ = nullptr;
  std::unique_ptr<TaskGraph> graph_ = nullptr;
  std::vector<std::unique_ptr<PartitionInput>> inputs_ = {};
  std::map<std::string, SinkTopic> changelogs_ = {};
  InputOrder order_ = {};  // of the inputs that have a head
  std::size_t last_ = 0;   // was processed last
  Timestamp stream_time_ = kNoTimestamp;
  TaskTime time_ = {};
  std::unique_ptr<TimeTeller> teller_ = nullptr;  // null: nobody is told
  std::vector<StoreHost*> combiners_ = {};
  bool has_caches_ = false;
  Timestamp flushed_time_ = kNoTimestamp;  // when no cache held anything back
  SilentSources silent_sources_;
  std::map<std::string, Timestamp> committed_times_ = {};  // of operators that tell results of closed windows
  bool keeps_source_bytes_ = false;
  bool at_once_ = false;  // records may be processed where they stand
  bool holds_back_ = false;
  bool waits_for_log_ = false;
  bool dirty_ = false;
  bool damaged_ = false;
};

}  // namespace levada
