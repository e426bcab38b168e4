// What an application is about, what made it fail, and whoever waits for either.
//
//   AppLifecycle lifecycle(log, listener);
//   lifecycle.set(AppState::kRebalancing);
//   lifecycle.fail(error);                       // PENDING_ERROR; loops that ask is_stopping() end
//   RETURN_IF_ERROR(lifecycle.end());            // ERROR, or NOT_RUNNING
//
// May be used from any thread. The listener is called on the thread that changes the state.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>

#include <absl/status/status.h>

#include <levada/core/log.h>
#include <levada/core/time.h>
#include <levada/runtime/thread_state.h>

namespace levada {

class AppLifecycle {
 public:
  using Listener = std::function<void(AppState now, AppState before)>;

  AppLifecycle(Logger log, Listener listener) : log_(std::move(log)), listener_(std::move(listener)) {}

  AppState state() const;
  // It runs no longer, or something has failed and it is about to end.
  bool has_ended() const;
  bool is_stopping() const { return stopping_.load(std::memory_order_relaxed); }

  // RUNNING and REBALANCING are nothing to an application that is ending.
  void set(AppState state);
  // The first error is the one that end() returns.
  void fail(const absl::Status& error);
  void begin_stop();
  // All is closed: what made it fail, if something did.
  absl::Status end();

  // Until it runs or has ended: the error. kDeadlineExceeded.
  absl::Status wait_until_settled(Duration timeout) const;
  // Until the state changes, at most.
  void wait_for_change(Duration timeout) const;

 private:
  const Logger log_;
  const Listener listener_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_ = {};  // of all below
  mutable std::condition_variable changed_ = {};
  AppState state_ = AppState::kCreated;
  absl::Status error_ = {};
};

}  // namespace levada
