// Where the record that is being processed came from, and when it happened. A view: what it points to belongs to the
// task and changes with the next record; keep = copy.
//
//   if (context.record().partition() == 0) …
#pragma once

#include <string>

#include <levada/core/bytes.h>
#include <levada/core/headers.h>
#include <levada/core/time.h>
#include <levada/core/topic_partition.h>

namespace levada {

// A record's key and value as they were read from a topic. A view.
struct SourceBytes {
  NullableView key = std::nullopt;
  NullableView value = std::nullopt;
};

struct RecordContext {
  Timestamp timestamp = kNoTimestamp;
  const TopicPartition* source = nullptr;  // nullptr within a punctuation: no record caused what happens then
  Offset offset = kUnknownOffset;
  const Headers* headers = &no_headers();
  const SourceBytes* source_bytes = nullptr;  // where an exception handler may ask for them
};

// For as long as it lives, what happens is of another time and has other headers.
class HappensNow {
 public:
  HappensNow(RecordContext& now, Timestamp timestamp, const Headers& headers)
      : now_(now), timestamp_(now.timestamp), headers_(now.headers) {
    now_.timestamp = timestamp;
    now_.headers = &headers;
  }
  HappensNow(const HappensNow&) = delete;
  HappensNow& operator=(const HappensNow&) = delete;
  ~HappensNow() {
    now_.timestamp = timestamp_;
    now_.headers = headers_;
  }

 private:
  RecordContext& now_;
  const Timestamp timestamp_;
  const Headers* const headers_;
};

}  // namespace levada
