// How a record lies in a chunk of an embedded partition: small integers as varints, one after the other, no padding.
//
//   record    := flags:u8 offset_delta:varint timestamp_delta:zigzag [producer:varint] [horizon_delta:zigzag]
//                [key_size:varint] [value_size:varint] [headers_size:varint] key value headers
//   headers   := count:varint (name_size:varint name (value_size + 1):varint value)*      0 stands for a null value
//
// Deltas are against the first record of the chunk. What the flags deny is left out.
//
//   encode_record(record, base, chunk.bytes);
//   std::size_t next = decode_record(chunk.bytes, at, base, record);   // views into chunk.bytes
#pragma once

#include <cstddef>
#include <cstdint>

#include <levada/core/bytes.h>
#include <levada/core/headers.h>
#include <levada/core/time.h>
#include <levada/core/topic_partition.h>

namespace levada::internal::embedded {

// Who wrote a record within a transaction.
using ProducerId = std::int64_t;
inline constexpr ProducerId kNoProducer = -1;

struct ChunkBase {
  Offset offset = 0;
  Timestamp timestamp = {};
};

// A record as the log keeps it; views into whatever it was made from.
struct StoredRecord {
  Offset offset = 0;
  Timestamp timestamp = {};
  NullableView key = {};
  NullableView value = {};
  BytesView headers = {};             // encoded; empty when there are none
  ProducerId producer = kNoProducer;  // kNoProducer: not part of a transaction
  bool control = false;               // the marker that ends a transaction: an offset, but nothing to read
  bool aborted = false;
  Timestamp delete_horizon = kNoTimestamp;  // from when on compaction may remove this tombstone
};

void encode_record(const StoredRecord& record, const ChunkBase& base, Bytes& out);

// Reads the record that begins at `at` and returns where the next one begins.
std::size_t decode_record(BytesView chunk, std::size_t at, const ChunkBase& base, StoredRecord& record);

// An upper bound of what encode_record() adds.
std::size_t max_encoded_size(const StoredRecord& record);

// Sets the aborted flag of the record that begins at `at`.
void mark_aborted(Bytes& chunk, std::size_t at);

void encode_headers(const Headers& headers, Bytes& out);  // replaces `out`; empty for no headers
void decode_headers(BytesView encoded, Headers& out);     // replaces `out`, keeping its memory

}  // namespace levada::internal::embedded
