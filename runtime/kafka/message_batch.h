// Messages taken from librdkafka in one call, and the one list of headers that all of them share in turn.
//
//   batch.take(queue, 0ms, 1000);
//   for (const rd_kafka_message_s* message : batch.messages()) …
//   batch.clear();                        // gives them back
//
// Owned by one consumer. Messages, and every view into them, live until clear().
#pragma once

#include <cstddef>
#include <vector>

#include <absl/types/span.h>

#include <levada/core/headers.h>
#include <levada/core/time.h>
#include <levada/runtime/kafka/handles.h>

namespace levada::internal {

class MessageBatch {
 public:
  MessageBatch() = default;
  ~MessageBatch();
  MessageBatch(const MessageBatch&) = delete;
  MessageBatch& operator=(const MessageBatch&) = delete;

  // Adds up to `count` messages, waiting until there are so many or the time is over.
  void take(rd_kafka_queue_s* queue, Duration timeout, std::size_t count);
  void clear();

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  absl::Span<rd_kafka_message_s* const> messages() const { return absl::MakeConstSpan(messages_).first(size_); }

  // The headers of a message, until they are asked for of another one.
  const Headers& headers_of(const rd_kafka_message_s& message);

 private:
  std::vector<rd_kafka_message_s*> messages_;  // never shrinks: to clear it for each call shows in profiles
  std::size_t size_ = 0;
  Headers headers_;
};

}  // namespace levada::internal
