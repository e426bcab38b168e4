#include <algorithm>

#include <levada/core/status_macros.h>
#include <levada/runtime/processor_loop.h>

namespace levada {
namespace {

// Puts the oldest head in front of the heap; of equal ones that of the first task.
struct Younger {
  template <class Head>
  bool operator()(const Head& a, const Head& b) const {
    return a.first != b.first ? a.first > b.first : a.second->id() > b.second->id();
  }
};

}  // namespace

void ProcessorLoop::take(Task& task, PartitionInput& input, const LogRecord& record) {
  if (!failure_.ok() || !task.takes_at_once(record)) return input.push(record);
  const absl::StatusOr<bool> processed = task.process_at_once(record);
  failure_ = processed.ok() ? task.punctuate_stream_time() : processed.status();
  if (processed.ok() && *processed) ++taken_;
}

absl::StatusOr<std::size_t> ProcessorLoop::process(const std::vector<Task*>& tasks, std::size_t max_records) {
  const std::size_t taken = std::exchange(taken_, 0);
  LEVADA_ASSIGN_OR_RETURN(const std::size_t processed, process_queued(tasks, max_records));
  return taken + processed;
}

absl::StatusOr<std::size_t> ProcessorLoop::process_queued(const std::vector<Task*>& tasks, std::size_t max_records) {
  hungry_ = true;
  LEVADA_RETURN_IF_ERROR(collect_heads(tasks));
  if (heads_.empty()) waiting_since_.reset();
  if (heads_.empty() || must_wait(tasks)) return 0;
  batches_.begin_round(tasks);
  std::size_t processed = 0;
  bool complete = true;
  while (processed < max_records && !heads_.empty()) {
    LEVADA_ASSIGN_OR_RETURN(complete, process_oldest(max_records, processed));
    if (!complete && !full()) break;
  }
  waiting_since_.reset();
  hungry_ = !complete || heads_.empty() || buffered_bytes(tasks) < settings_.enough_bytes;
  return processed;
}

absl::Status ProcessorLoop::collect_heads(const std::vector<Task*>& tasks) {
  heads_.clear();
  holds_back_ = waits_for_log_ = false;
  for (Task* task : tasks) {
    LEVADA_ASSIGN_OR_RETURN(const bool ready, task->prepare());
    if (ready) heads_.emplace_back(task->head_time(), task);
    note_wait(*task);
  }
  buffered_bytes_ = buffered_bytes(tasks);
  metrics_.buffered_bytes.store(buffered_bytes_, std::memory_order_relaxed);
  std::ranges::make_heap(heads_, Younger());
  return absl::OkStatus();
}

void ProcessorLoop::note_wait(const Task& task) {
  holds_back_ = holds_back_ || task.holds_back();
  waits_for_log_ = waits_for_log_ || task.waits_for_log();
}

std::size_t ProcessorLoop::buffered_bytes(const std::vector<Task*>& tasks) {
  std::size_t bytes = 0;
  for (const Task* task : tasks) bytes += task->buffered_bytes();
  return bytes;
}

bool ProcessorLoop::must_wait(const std::vector<Task*>& tasks) {
  const bool in_order = std::ranges::any_of(heads_, [](const Head& head) { return head.second->feeds_tasks(); });
  const bool complete =
      std::ranges::all_of(tasks, [](const Task* task) { return !task->feeds_tasks() || task->has_all_inputs(); });
  if (!in_order || complete || full()) return false;
  const auto now = clock_.steady_now();
  if (!waiting_since_) waiting_since_ = now;
  return now - *waiting_since_ < settings_.longest_wait;
}

absl::StatusOr<bool> ProcessorLoop::process_oldest(std::size_t max_records, std::size_t& processed) {
  Task* task = heads_.front().second;
  const bool in_order = task->feeds_tasks();
  const Timestamp until = in_order ? second_oldest() : Timestamp::max();
  const std::size_t most = in_order ? max_records : std::min(max_records, processed + settings_.run);
  bool ready = true;
  do {
    LEVADA_RETURN_IF_ERROR(batches_.make_room(*task));
    LEVADA_RETURN_IF_ERROR(task->process());
    batches_.note(*task);
    LEVADA_RETURN_IF_ERROR(task->punctuate_stream_time());
    ++processed;
    LEVADA_ASSIGN_OR_RETURN(ready, task->prepare());
  } while (ready && processed < most && task->head_time() <= until);
  if (ready) {
    heads_.front().first = task->head_time();
    sink_first();
  } else {
    std::ranges::pop_heap(heads_, Younger());
    heads_.pop_back();
    note_wait(*task);
  }
  return task->has_all_inputs();
}

// The time of the head that is oldest but for the first: one of the two below it in the heap.
Timestamp ProcessorLoop::second_oldest() const {
  Timestamp time = Timestamp::max();
  for (std::size_t i = 1; i < std::min<std::size_t>(heads_.size(), 3); ++i) time = std::min(time, heads_[i].first);
  return time;
}

// The first head has become younger: to the place where it belongs.
void ProcessorLoop::sink_first() {
  const Head sinking = heads_.front();
  std::size_t place = 0;
  for (std::size_t below = 1; below < heads_.size(); below = 2 * place + 1) {
    if (below + 1 < heads_.size() && Younger()(heads_[below], heads_[below + 1])) ++below;
    if (!Younger()(sinking, heads_[below])) break;
    heads_[place] = heads_[below];
    place = below;
  }
  heads_[place] = sinking;
}

}  // namespace levada
