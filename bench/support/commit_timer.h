// Says when a commit is due.
//
//   CommitTimer timer(options.commit_interval_ms);
//   if (timer.due()) commit();
#pragma once

#include <chrono>

namespace bench {

class CommitTimer {
 public:
  explicit CommitTimer(int interval_ms) : interval_(interval_ms) {}

  bool due() {
    const auto now = std::chrono::steady_clock::now();
    if (now - latest_ < interval_) return false;
    latest_ = now;
    return true;
  }

 private:
  std::chrono::milliseconds interval_;
  std::chrono::steady_clock::time_point latest_ = std::chrono::steady_clock::now();
};

}  // namespace bench
