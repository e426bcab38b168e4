// Processes the records of a thread's tasks, the oldest first: across tasks, too, so that partitions which are read at
// different speeds do not put event time out of order for the tasks downstream. A task that no other one of the
// application is downstream of needs no such order, and has its turn for some records at once: what it uses is then in
// the processor's caches, which took a tenth off a stateless job.
//
//   loop.take(task, input, fetched);                            // for each record that comes
//   RETURN_IF_ERROR(loop.take_failure());
//   ASSIGN_OR_RETURN(const std::size_t processed, loop.process(tasks.running(), 1000));
//
// If it has one input, and nothing to gain from knowing what comes next, it processes records as they come.
//
// An input that ran dry while its log has more is waited for a little before younger records of other tasks pass it by,
// if both feed tasks; its own task waits as long as max.task.idle.ms says. Owned by the thread; used on it only.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include <levada/core/time.h>
#include <levada/runtime/combined_batches.h>
#include <levada/runtime/task.h>
#include <levada/runtime/thread_metrics.h>

namespace levada {

struct ProcessorLoopSettings {
  std::size_t buffer_bytes = 64 << 20;  // what may wait in all queues before an empty one is no longer waited for
  // What waits in all queues of a thread that has enough to do. What is processed soon after it was fetched is still in
  // the processor's caches: stateless jobs took a tenth more CPU with 20 MiB than with this.
  std::size_t enough_bytes = 512 << 10;
  Duration longest_wait = std::chrono::milliseconds(500);  // for an input of another task
  std::size_t run = 64;  // records of a task that feeds no other, before others have their turn
};

class ProcessorLoop {
 public:
  ProcessorLoop(ProcessorLoopSettings settings, const Clock& clock, ThreadMetrics& metrics)
      : settings_(settings), clock_(clock), metrics_(metrics) {}

  // A record of the task's input: processed at once if that can be, else put into its queue. Where one has failed, the
  // others wait until the failure is taken.
  void take(Task& task, PartitionInput& input, const LogRecord& record);
  absl::Status take_failure() { return std::exchange(failure_, absl::OkStatus()); }
  // Some were processed as they came.
  bool has_taken() const { return taken_ > 0; }

  // Processes up to `max_records`; fewer when there are no more, or an input has to be waited for. Those that were
  // processed as they came are counted with them.
  absl::StatusOr<std::size_t> process(const std::vector<Task*>& tasks, std::size_t max_records);

  void set_buffer_bytes(std::size_t bytes) { settings_.buffer_bytes = bytes; }

  // Something could be processed, but is held back until an input that ran dry has been fetched again.
  bool waiting() const { return waits_for_log_ || waiting_since_.has_value(); }
  // A task has records, and waits for another input of its own before it processes them.
  bool holds_back() const { return holds_back_; }
  // As many bytes wait as may: fetching has to pause.
  bool full() const { return buffered_bytes_ >= settings_.buffer_bytes; }
  // Some input has nothing more, or all have little: more should be fetched before records are processed.
  bool hungry() const { return hungry_; }

 private:
  using Head = std::pair<Timestamp, Task*>;

  absl::StatusOr<std::size_t> process_queued(const std::vector<Task*>& tasks, std::size_t max_records);
  absl::Status collect_heads(const std::vector<Task*>& tasks);
  bool must_wait(const std::vector<Task*>& tasks);
  void note_wait(const Task& task);
  static std::size_t buffered_bytes(const std::vector<Task*>& tasks);
  Timestamp second_oldest() const;
  void sink_first();
  // Processes records of the task whose head is the oldest: while they are the oldest, or for its turn. True while
  // every input of it has one.
  absl::StatusOr<bool> process_oldest(std::size_t max_records, std::size_t& processed);

  ProcessorLoopSettings settings_;
  const Clock& clock_;
  ThreadMetrics& metrics_;
  std::vector<Head> heads_ = {};  // a heap: the oldest in front
  CombinedBatches batches_ = {};
  std::size_t taken_ = 0;  // processed as they came, and not told of
  absl::Status failure_ = {};
  std::size_t buffered_bytes_ = 0;
  bool hungry_ = true;
  bool holds_back_ = false;
  bool waits_for_log_ = false;
  std::optional<std::chrono::steady_clock::time_point> waiting_since_ = std::nullopt;
};

}  // namespace levada
