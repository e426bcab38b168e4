// Where the record that is being processed came from, and when it happened. A view: what it points to belongs to the
// task and changes with the next record; keep = copy.
//
//   if (context.record().partition() == 0) …
#pragma once

#include <string>

#include <levada/core/headers.h>
#include <levada/core/time.h>
#include <levada/core/topic_partition.h>

namespace levada {

struct RecordContext {
  Timestamp timestamp = kNoTimestamp;
  const TopicPartition* source = nullptr;  // nullptr within a punctuation: no record caused what happens then
  Offset offset = kUnknownOffset;
  const Headers* headers = &no_headers();
};

}  // namespace levada
