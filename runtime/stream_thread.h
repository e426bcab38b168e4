// A member of the group: its consumer, its producer, its tasks, and one loop: poll, restore, process, punctuate,
// commit.
//
//   ASSIGN_OR_RETURN(auto thread, StreamThread::create(settings, plan, cluster, environment));
//   RETURN_IF_ERROR(thread->join());
//   while (!stopping) RETURN_IF_ERROR(thread->run_once());
//   RETURN_IF_ERROR(thread->leave());
//
// It starts no thread and reads no clock of its own: whoever calls run_once() is the thread, be it a std::thread, a
// test or a simulation. Shares nothing with other StreamThreads; request_commit() and wake_up() may be called from any
// thread.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/log.h>
#include <levada/runtime/active_tasks.h>
#include <levada/runtime/application_plan.h>
#include <levada/runtime/cluster.h>
#include <levada/runtime/committer.h>
#include <levada/runtime/delivery_errors.h>
#include <levada/runtime/dropped_records.h>
#include <levada/runtime/patience.h>
#include <levada/runtime/plan_history.h>
#include <levada/runtime/processor_loop.h>
#include <levada/runtime/producer_collector.h>
#include <levada/runtime/restorer.h>
#include <levada/runtime/standby_tasks.h>
#include <levada/runtime/thread_meter.h>
#include <levada/runtime/thread_metrics.h>
#include <levada/runtime/thread_state.h>
#include <levada/runtime/transactional_producer.h>

namespace levada {

// A thread's part of the memory that all of them share.
struct ThreadMemory {
  std::size_t write_buffer_bytes = 64 << 20;  // changes in all tasks that bring the next commit forward
  std::size_t queue_bytes = 64 << 20;         // what may wait in all input queues
};

struct StreamThreadSettings {
  std::string application_id = {};
  Duration commit_interval = std::chrono::seconds(30);
  Duration idle_commit_interval = commit_interval;  // of a thread that has nothing else to do; not longer
  Duration poll_time = std::chrono::milliseconds(100);
  std::size_t max_poll_records = 2000;
  std::size_t write_buffer_bytes = 64 << 20;  // changes in all tasks that bring the next commit forward
  bool commit_when_idle = false;              // do not wait for the interval once every input is at its end
  ErrorPolicy errors = {};
  EmitIntervals emit_intervals = {};
  std::map<std::string, std::string> app_configs = {};  // see Context
  ActiveTasksSettings tasks = {};
  ProcessorLoopSettings loop = {};
  Restorer::Settings restorer = {};
  CommitterSettings committer = {};
  StandbySettings standbys = {};
  Duration task_timeout = std::chrono::minutes(5);  // how long a commit may be tried again
  bool exactly_once = false;                        // outputs, state and offsets in one transaction
  bool keeps_partitions = false;                    // all but what is revoked, when the group shares them out anew
  ClientProperties consumer = {};
  ClientProperties restore_consumer = {};
  ClientProperties producer = {};
  ClientProperties admin = {};
};

// What all threads of an application share. Everything outlives them.
struct StreamThreadEnvironment {
  const ApplicationPlan& plan;
  Cluster& cluster;
  MemoryBudget& budget;
  const Clock& clock;
  Logger log;
  RestoreListener* restore_listener = nullptr;
  StandbyUpdateListener* standby_listener = nullptr;
  const PlanHistory* plans = nullptr;              // where newer plans come from, if the topology reads patterns
  const GlobalStores* global_stores = nullptr;     // null: there are none
  std::function<void(ThreadState)> on_state = {};  // called on the thread, when its state has changed
  const std::atomic<bool>* paused = nullptr;       // nothing is processed while it is true
  DiskFaults* disk_faults = nullptr;               // what a simulation lets go wrong
};

class StreamThread final : private RebalanceListener, private RecordHandler {
 public:
  static absl::StatusOr<std::unique_ptr<StreamThread>> create(StreamThreadSettings settings,
                                                              StreamThreadEnvironment environment);
  ~StreamThread();

  absl::Status join();

  // One round: bounded in records, waiting at most poll_time when there is nothing to do. An error is final: what was
  // not committed is left to whoever takes over.
  absl::Status run_once();

  // Commits, closes the tasks, leaves the group. After an error of run_once() it only closes and leaves. A commit that
  // came too late, because the group has moved on, is no error: the next who has the tasks does it again.
  absl::Status leave();

  // The next run_once() commits, whatever the interval.
  void request_commit();
  void wake_up();
  // Another part of the memory, from the next round on. From any thread.
  void set_memory(const ThreadMemory& memory);

  ThreadState state() const { return state_.load(); }
  const ThreadMetrics& metrics() const { return metrics_; }
  const DroppedRecords& dropped() const { return dropped_; }
  const StreamsMetrics& sensors() const { return sensors_; }

 private:
  using Instant = std::chrono::steady_clock::time_point;

  StreamThread(StreamThreadSettings settings, StreamThreadEnvironment environment, std::unique_ptr<Consumer> consumer,
               std::unique_ptr<Consumer> restore_consumer, std::unique_ptr<Producer> producer,
               TransactionalProducer* transactions, std::unique_ptr<Admin> admin);

  // RebalanceListener
  void on_assigned(const std::vector<TopicPartition>& partitions) override;
  void on_revoked(const std::vector<TopicPartition>& partitions) override;
  void on_lost(const std::vector<TopicPartition>& partitions) override;
  // RecordHandler
  void on_record(std::size_t tag, const LogRecord& record) override;
  void on_end_of_partition(std::size_t tag, Offset next) override;

  bool paused() const { return environment_.paused != nullptr && environment_.paused->load(std::memory_order_relaxed); }
  absl::Status run_round();
  absl::Status poll();
  Duration poll_timeout() const;
  absl::Status subscribe();
  absl::Status take_new_plan();
  absl::Status manage_tasks();
  absl::Status add_standbys();
  void take_assigned();
  absl::Status work();
  absl::Status process();
  absl::Status punctuate();
  absl::Status repair(const absl::Status& failure);
  absl::Status recover_producer();
  bool waits_for_producer() const { return transactions_ != nullptr && transactions_->broken(); }
  bool must_start_over(const absl::Status& failure) const;
  bool is_done_again(const absl::Status& failure) const;
  absl::Status start_over(const absl::Status& reason);
  void give_up_uncommitted();
  absl::Status commit_if_due();
  void leave_group();
  bool commit_is_due() const;
  Instant next_commit() const;
  absl::Status commit(bool leaving);
  absl::Status try_commit(bool leaving);
  bool has_nothing_to_do() const;
  void set_state(ThreadState state);

  StreamThreadSettings settings_;
  StreamThreadEnvironment environment_;
  const ApplicationPlan* plan_;
  ThreadMetrics metrics_ = {};
  ThreadMeter meter_;
  DroppedRecords dropped_;
  StreamsMetrics sensors_ = {};
  std::unique_ptr<Admin> admin_;
  std::unique_ptr<Producer> producer_;
  TransactionalProducer* transactions_;  // the same, under exactly-once; else null
  std::unique_ptr<Consumer> restore_consumer_;
  std::mutex consumer_mutex_ = {};  // between wake_up() and the consumer's end
  std::unique_ptr<Consumer> consumer_;
  ProducerCollector collector_;
  DeliveryErrors delivery_errors_;
  Restorer restorer_;
  ActiveTasks tasks_;
  std::optional<StandbyTasks> standbys_ = std::nullopt;
  ProcessorLoop loop_;
  Committer committer_;
  Patience commit_patience_;  // while it waits nothing is processed: what is not committed does not grow
  Patience transaction_patience_;

  std::atomic<ThreadState> state_ = ThreadState::kCreated;
  std::vector<TopicPartition> partitions_ = {};                 // that the group has given
  std::optional<std::vector<TaskId>> assigned_ = std::nullopt;  // by the group, not yet acted upon
  absl::Status rebalance_error_ = {};
  std::atomic<bool> commit_requested_ = false;
  std::atomic<std::size_t> write_buffer_bytes_;
  std::atomic<std::size_t> queue_bytes_;
  bool failed_ = false;
  bool busy_ = false;  // the last round processed something
  Instant last_commit_;
  Instant last_poll_ = {};
};

}  // namespace levada
