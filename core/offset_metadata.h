// What a committed offset says beside the offset: how far event time had come.
//
//   commit(offset, encode_offset_metadata({.partition_time = stream_time}));
//   OffsetMetadata restored = decode_offset_metadata(committed.metadata);
//
// Grammar: standard base64, with padding, of
//   02 | int64 partition time | [int32 n | n * (int32 size | name | int64 time)]      the map is left out when empty
//   01 | int64 partition time                                                        read, never written
// Whatever cannot be read is "nothing known": another program may have committed it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <levada/core/time.h>

namespace levada {

struct OffsetMetadata {
  Timestamp partition_time = kNoTimestamp;                // the greatest timestamp taken from the partition so far
  std::map<std::string, Timestamp> processor_times = {};  // by store: up to where closed windows were emitted

  bool operator==(const OffsetMetadata&) const = default;
};

std::string encode_offset_metadata(const OffsetMetadata& metadata);
OffsetMetadata decode_offset_metadata(std::string_view text);

}  // namespace levada
