// Where a task stands in its inputs: what a commit writes down, and what whoever has the task next takes up.

#include <algorithm>

#include <levada/core/offset_metadata.h>
#include <levada/runtime/task.h>

namespace levada {

std::vector<CommittedOffset> Task::committable() const {
  // Operators' times belong to all inputs, so they are all committed when one has changed.
  const bool all = processor_times() != committed_times_;
  return offsets_of([all](const PartitionInput& input) { return all || input.has_progress(); });
}

std::vector<CommittedOffset> Task::positions() const {
  return offsets_of([](const PartitionInput&) { return true; });
}

template <class Wanted>
std::vector<CommittedOffset> Task::offsets_of(const Wanted& wanted) const {
  const std::map<std::string, Timestamp> times = processor_times();
  std::vector<CommittedOffset> offsets;
  for (const auto& input : inputs_) {
    if (input->position() == kUnknownOffset || !wanted(*input)) continue;
    OffsetMetadata metadata = {.partition_time = input->partition_time(), .processor_times = times};
    if (input->upstream() != nullptr) {
      metadata.processor_times.insert(input->upstream()->entry(input->where().topic, input->position()));
    }
    offsets.push_back({input->where(), input->position(), encode_offset_metadata(metadata)});
  }
  return offsets;
}

std::map<std::string, Timestamp> Task::processor_times() const {
  std::map<std::string, Timestamp> times = context_->processor_times();
  std::erase_if(times, [](const auto& entry) { return entry.second == kNoTimestamp; });
  return times;
}

void Task::resume(const std::vector<CommittedOffset>& offsets) {
  for (const CommittedOffset& committed : offsets) {
    for (const auto& input : inputs_) {
      if (input->where() != committed.partition) continue;
      const OffsetMetadata metadata = decode_offset_metadata(committed.metadata);
      input->start_at(committed.offset, metadata.partition_time);
      time_.observe(metadata.partition_time);
      if (input->upstream() != nullptr) {
        input->upstream()->restore(committed.partition.topic, committed.offset, metadata.processor_times);
      }
      for (const auto& [store, time] : metadata.processor_times) {
        if (UpstreamTimes::is_entry(store)) continue;
        context_->processor_time(store) = std::max(context_->processor_time(store), time);
      }
    }
  }
  committed_times_ = processor_times();
  find_time_limit();
  flushed_time_ = time_.of_records();
  set_stream_time(std::max(stream_time_, time_.of_records()));
}

void Task::add_source_positions(std::map<std::string, Offset>& offsets) const {
  for (const StoreSpec& store : plan_.stores) {
    if (store.source_topic.empty()) continue;
    for (const auto& input : inputs_) {
      if (input->where().topic == store.source_topic) offsets[store.name] = input->position();
    }
  }
}

}  // namespace levada
