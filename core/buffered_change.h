// A change of a table that is held back, with the context of its record: what suppress keeps, and writes to its
// changelog.
//
//   append_buffered_change(record, {.prior = before_it_was_held, .before = b, .after = a, .time = due}, out);
//   const BufferedChange change = read_buffered_change(out);          // looks into `out`
//   const StoredContext context = read_record_context(change.context);
//
// Grammar, version 3; integers are big-endian, `|` joins, a size of -1 is null:
//   context | int32 size | prior | int32 size | before | int32 size | after | int64 time      size -2: before is prior
//   context = int64 timestamp | int64 offset | int32 size | topic | int32 partition | int32 headers |
//             (int32 size | name | int32 size | value)…
// The header "v" of a changelog record tells the version by one byte. Older ones, which Kafka Streams may have left:
//   none   int64 time | old                             the context is the changelog record's own
//   01     int64 time | context | int32 size | old
//   02     context | int32 size | old | int32 size | prior | int64 time      or, by mistake, version 3
//   old = int32 size | before | int32 size | after
// read_… throws SerdeError for bytes that are none of these.
#pragma once

#include <levada/core/bytes.h>
#include <levada/core/headers.h>
#include <levada/core/record_context.h>
#include <levada/core/time.h>
#include <levada/core/topic_partition.h>

namespace levada {

inline constexpr BytesView kBufferedChangeVersion = "\3";
inline constexpr BytesView kBufferedChangeHeader = "v";

// A record context that owns what it tells.
struct StoredContext {
  Timestamp timestamp = kNoTimestamp;
  Offset offset = kUnknownOffset;
  TopicPartition source = {};
  Headers headers = {};

  // Valid as long as this.
  RecordContext view() const { return {timestamp, &source, offset, &headers}; }
};

void append_record_context(const RecordContext& context, Bytes& out);
StoredContext read_record_context(BytesView bytes);

// A view.
struct BufferedChange {
  BytesView context = {};              // as bytes; where it is written, the record tells it
  NullableView prior = std::nullopt;   // the row when its key began to be held back
  NullableView before = std::nullopt;  // of the last change
  NullableView after = std::nullopt;
  Timestamp time = kNoTimestamp;  // what it is ordered by
};

void append_buffered_change(const RecordContext& record, const BufferedChange& change, Bytes& out);
BufferedChange read_buffered_change(BytesView bytes);
// The last field alone.
Timestamp read_buffered_time(BytesView bytes);

// What it takes in memory, as Kafka Streams counts: to the byte for names in ASCII.
std::size_t buffered_change_size(BytesView key, BytesView bytes);

// The bytes of version 3 for those of any version; `timestamp` is the changelog record's.
Bytes upgraded_buffered_change(NullableView version, BytesView bytes, Timestamp timestamp);

}  // namespace levada
