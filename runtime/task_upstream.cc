// How a task hears of the time of those upstream, and tells its own: see upstream_times.h and time_teller.h.
#include <algorithm>

#include <levada/runtime/task.h>

namespace levada {

// Where results wait for the close of their windows, no window expires before its own has gone on: the limit may rise
// by more at once than windows are kept.
const Timestamp& Task::time_limit_of(const StoreSpec& store) {
  const bool listens = teller_ != nullptr && std::ranges::any_of(plan_.inputs, [](const TaskInput& input) {
                         return !input.upstream.empty();
                       });
  return listens && store.by_time ? context_->processor_time(store.name) : time_.limit();
}

bool Task::listens_upstream() const {
  return teller_ != nullptr &&
         std::ranges::any_of(inputs_, [](const auto& input) { return input->upstream() != nullptr; });
}

void Task::find_time_limit() {
  Timestamp lowest = kNoTimeLimit;
  for (const auto& input : inputs_) {
    if (input->upstream() != nullptr) lowest = std::min(lowest, input->upstream()->lowest());
  }
  time_.set_limit(lowest);
}

// Marks have no way through the graph: what waits for time is told here that it may have come further. Only while
// caches hold nothing back, or windows would close without it; where there are caches, this is the only way for the
// limit to rise.
void Task::follow_upstream() {
  find_time_limit();
  if (time_.of_records() == kNoTimestamp) return;
  if (time_.of_records() > stream_time_) set_stream_time(time_.of_records());
  current_ = {.timestamp = stream_time_};
  if (silent_sources_.tell_of_limit()) dirty_ = true;
  current_ = {};
}

Timestamp Task::told_time() const { return has_nothing_to_come() ? kNothingToCome : time_.of_records(); }

// All has been read, nothing has gone on since, and those upstream say the same. What silence means for a source, it
// means here, too; without an idle timeout it has lasted from one mark to the next.
bool Task::has_nothing_to_come() const {
  if (dirty_) return false;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    PartitionInput& input = *inputs_[i];
    if (!input.silent_for(plan_.inputs[i].idle_timeout.value_or(*plan_.time_mark_interval), environment_.clock))
      return false;
    if (input.upstream() != nullptr && input.upstream()->lowest() != kNothingToCome) return false;
  }
  return true;
}

void Task::tell_time() {
  flushed_time_ = time_.of_records();
  const Timestamp time = told_time();
  if (teller_->has_news(time)) teller_->tell(time);
}

}  // namespace levada
