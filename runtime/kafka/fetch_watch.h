// Notices when librdkafka has room for more records again and does not know it.
//
//   watch.queued(rd_kafka_queue_length(queue));        // before each poll
//   … watch.delivered(bytes) for each record …
//   if (watch.take_wake_up()) …ask the brokers anything…
//
// A consumer whose queue has reached queued.min.messages or queued.max.messages.kbytes stops fetching, and before
// librdkafka 2.2 its broker threads then sleep for up to a second, however quickly the queue is emptied: four fifths of
// the time of a job that reads from the beginning. Only traffic wakes them. Belongs to one consumer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

namespace levada::internal {

class FetchWatch {
 public:
  FetchWatch(std::size_t most_messages, std::size_t most_bytes)
      : most_messages_(most_messages), most_bytes_(most_bytes) {}

  // How many messages wait now.
  void queued(std::size_t messages) {
    const std::size_t limit = std::min(most_messages_, most_bytes_ / average_bytes());
    if (messages >= limit - limit / 4) {
      was_full_ = true;
    } else if (was_full_ && messages <= limit / 2) {
      was_full_ = false;
      wake_up_ = true;
    }
  }

  void delivered(std::size_t bytes) {
    bytes_ += bytes;
    if (++messages_ < kMessagesToAverage) return;
    bytes_ /= 2;  // so that what came last counts most
    messages_ /= 2;
  }

  bool take_wake_up() { return std::exchange(wake_up_, false); }

 private:
  static constexpr std::size_t kMessagesToAverage = 10'000;

  std::size_t average_bytes() const { return std::max<std::size_t>(1, messages_ == 0 ? 1 : bytes_ / messages_); }

  std::size_t most_messages_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::size_t messages_ = 0;
  bool was_full_ = false;
  bool wake_up_ = false;
};

}  // namespace levada::internal
