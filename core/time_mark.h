// What headers say about time where upstream tasks tell it (levada.upstream.time.enabled).
//
//   append_time_mark({.sub_topology = 0, .partition = 3, .time = stream_time}, header.value);
//   if (const auto mark = read_time_mark(value)) hear(*mark);
//
// On records of repartition topics, "levada.time": how far the task had come that sent the record.
//   byte kind | uvarint sub-topology | uvarint partition | int64 time
//   kind: 0 on a record, 1 on a mark: a record that tells this and nothing else. uvarint: see varint.h. The end of
//   time: nothing more is to come for now.
// On changelog records of stores that expire, "levada.limit":
//   int64 time   how far time had come for the store
#pragma once

#include <optional>
#include <string_view>

#include <levada/core/bytes.h>
#include <levada/core/headers.h>
#include <levada/core/time.h>
#include <levada/core/topic_partition.h>

namespace levada {

inline constexpr std::string_view kTimeMarkHeader = "levada.time";
inline constexpr std::string_view kTimeLimitHeader = "levada.limit";

struct TimeMark {
  bool alone = false;  // the record is nothing else
  int sub_topology = 0;
  Partition partition = 0;
  Timestamp time = kNoTimestamp;

  bool operator==(const TimeMark&) const = default;
};

void append_time_mark(const TimeMark& mark, Bytes& out);
// Nothing for what is no mark.
std::optional<TimeMark> read_time_mark(BytesView bytes);

Header time_limit_header(Timestamp limit);
// The end of time where there is none.
Timestamp time_limit_of(const Headers& headers);

}  // namespace levada
