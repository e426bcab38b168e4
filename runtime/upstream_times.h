// How far the tasks have come that write to a partition of a repartition topic, by what their records and marks in it
// say (core/time_mark.h), and thus how far event time may have come for whoever reads it: as far as the task that is
// furthest behind.
//
//   UpstreamTimes times(upstream);                        // their ids, ascending
//   times.hear(mark);
//   limit = times.lowest();
//   metadata.processor_times.insert(times.entry(topic, offset));           // committed with the offset
//   times.restore(topic, offset, metadata.processor_times);
//
// A task that has said nothing yet holds time back before everything; one that has nothing to come for now does not. A
// time never goes back, but for a task that goes on after it had nothing to come.
//
// Grammar of the entry: the name is "levada.upstream." and standard base64 of
//   uint32 murmur2 of the topic's name | byte unit | int64 base | n * (uvarint sub-topology | uvarint m | m * state)
//   unit: 0 1 ms, 1 1 min, 2 1 h: as coarse as it must be to fit in what a broker takes. Times are rounded down
//   state, of each task of the sub-topology: a uvarint, 0 nothing said, 1 nothing to come, else 2 and how many units
//   later than the base
// and the time is the offset it belongs to: what Kafka Streams has copied from an earlier commit is of another one. Of
// more than 900 tasks or so it is left out: after a restart they have to say it anew.
//
// Owned by an input; used on its thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <levada/core/observed_time.h>
#include <levada/core/time_mark.h>
#include <levada/core/topic_partition.h>
#include <levada/runtime/task_id.h>

namespace levada {

// Of a mark: nothing is to come for now.
inline constexpr Timestamp kNothingToCome = kNoTimeLimit;

class UpstreamTimes {
 public:
  using Entries = std::map<std::string, Timestamp>;  // OffsetMetadata::processor_times

  // Ascending, with all partitions of each sub-topology. Without any, time has no limit.
  explicit UpstreamTimes(std::vector<TaskId> tasks);

  // Of a task that is none of these it is ignored.
  void hear(const TimeMark& mark);
  // kNoTimestamp: of some nothing is known. kNoTimeLimit: of none anything is to come.
  Timestamp lowest() const { return lowest_; }

  Entries::value_type entry(const std::string& topic, Offset offset) const;
  void restore(const std::string& topic, Offset offset, const Entries& entries);
  static bool is_entry(const std::string& name);

 private:
  Timestamp* time_of(const TaskId& task);
  void find_lowest();
  Bytes packed(std::size_t unit) const;
  void unpack(BytesView bytes);
  bool unpack_part(BytesView& bytes, Timestamp base, Duration unit);

  std::vector<TaskId> tasks_;
  std::vector<Timestamp> times_;  // of the same places
  Timestamp lowest_;
};

}  // namespace levada
