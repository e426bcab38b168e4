// Notes when the restore of an application began and ended, and what CPU time the process used meanwhile.
//
//   RestoreWatch watch;
//   StreamsApp::start(topology, config, {.restore_listener = &watch});
//   …
//   watch.figures().wall_s;
//
// Called on every thread that restores.
#pragma once

#include <cstdint>
#include <mutex>

#include <levada/runtime/restore_listener.h>

#include "bench/support/measurement.h"

namespace bench {

class RestoreWatch final : public levada::RestoreListener {
 public:
  void on_restore_start(const levada::TopicPartition&, const std::string&, levada::Offset, levada::Offset) override {
    const std::lock_guard lock(mutex_);
    if (!begun_) first_ = Moment::now();
    begun_ = true;
  }
  void on_batch_restored(const levada::TopicPartition&, const std::string&, levada::Offset, std::uint64_t) override {}
  void on_restore_end(const levada::TopicPartition&, const std::string&, std::uint64_t records) override {
    const std::lock_guard lock(mutex_);
    last_ = Moment::now();
    records_ += records;
  }
  void on_restore_suspended(const levada::TopicPartition&, const std::string&, std::uint64_t) override {}

  // From the first store that began to the last that was complete.
  Restored figures() const {
    const std::lock_guard lock(mutex_);
    if (records_ == 0) return {};
    return {.records = records_, .wall_s = last_.wall - first_.wall, .cpu_s = last_.cpu - first_.cpu};
  }

 private:
  mutable std::mutex mutex_ = {};
  bool begun_ = false;
  Moment first_ = {};
  Moment last_ = {};
  std::uint64_t records_ = 0;
};

}  // namespace bench
