// What time a record is of, where its source has no timestamp extractor: the key default.timestamp.extractor.
#pragma once

#include <cstdint>

namespace levada {

enum class DefaultTimestampExtractor : std::uint8_t {
  kFail,              // the record's own; a negative one is an error
  kLogAndSkip,        // the record's own; one that is negative is counted as dropped
  kUsePartitionTime,  // the record's own, or where it is negative the highest of the partition so far
  kWallclock,         // when it is read
};

}  // namespace levada
