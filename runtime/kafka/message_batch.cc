#include <cstdint>

#include <librdkafka/rdkafka.h>

#include <levada/runtime/kafka/client.h>
#include <levada/runtime/kafka/message_batch.h>

namespace levada::internal {

namespace {

// Keeps the memory of a header that stood at the same place of the message before.
void assign(Header& header, const char* name, const void* value, std::size_t size) {
  header.key.assign(name);
  if (value == nullptr) {
    header.value.reset();
    return;
  }
  if (!header.value) header.value.emplace();
  header.value->assign(static_cast<const char*>(value), size);
}

// In a record of Kafka's format 2 the number of its headers follows its value, and librdkafka shows the value where it
// was fetched to. Asking librdkafka costs an allocation and 0.2 µs a record even where there is nothing: more than to
// parse the rest of it. Older formats have no headers, so any answer is right there; but their last record may end with
// the buffer, and one byte more can be read for certain only on the same page.
bool surely_has_no_headers(const rd_kafka_message_s& message) {
  constexpr std::uintptr_t kPage = 4096;
  if (message.len == 0) return false;
  const char* behind = static_cast<const char*>(message.payload) + message.len;
  return reinterpret_cast<std::uintptr_t>(behind) % kPage != 0 && *behind == 0;
}

}  // namespace

MessageBatch::~MessageBatch() { clear(); }

void MessageBatch::take(rd_kafka_queue_s* queue, Duration timeout, std::size_t count) {
  if (messages_.size() < size_ + count) messages_.resize(size_ + count);
  const auto taken = rd_kafka_consume_batch_queue(queue, to_milliseconds(timeout), messages_.data() + size_, count);
  if (taken > 0) size_ += static_cast<std::size_t>(taken);
}

void MessageBatch::clear() {
  for (rd_kafka_message_s* message : messages()) rd_kafka_message_destroy(message);
  size_ = 0;
}

const Headers& MessageBatch::headers_of(const rd_kafka_message_s& message) {
  if (surely_has_no_headers(message)) return no_headers();
  rd_kafka_headers_t* list = nullptr;
  if (rd_kafka_message_headers(&message, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) return no_headers();
  headers_.resize(rd_kafka_header_cnt(list));
  for (std::size_t i = 0; i < headers_.size(); ++i) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    rd_kafka_header_get_all(list, i, &name, &value, &size);
    assign(headers_[i], name, value, size);
  }
  return headers_;
}

}  // namespace levada::internal
