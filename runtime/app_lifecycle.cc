#include <string>
#include <utility>

#include <levada/runtime/app_lifecycle.h>

namespace levada {

AppState AppLifecycle::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

bool AppLifecycle::has_ended() const {
  const AppState now = state();
  return now == AppState::kNotRunning || now == AppState::kError || now == AppState::kPendingError;
}

void AppLifecycle::set(AppState state) {
  AppState before;
  {
    const std::lock_guard lock(mutex_);
    const bool ending = state_ == AppState::kPendingError || state_ == AppState::kPendingShutdown;
    if (ending && (state == AppState::kRunning || state == AppState::kRebalancing)) return;
    before = std::exchange(state_, state);
  }
  changed_.notify_all();
  if (before == state) return;
  log_.info("state", {{"state", to_string(state)}, {"before", to_string(before)}});
  if (listener_) listener_(state, before);
}

void AppLifecycle::fail(const absl::Status& error) {
  log_.error("a thread has failed; the application stops", {{"reason", error.message()}});
  {
    const std::lock_guard lock(mutex_);
    if (error_.ok()) error_ = error;
  }
  stopping_.store(true);
  set(AppState::kPendingError);
}

void AppLifecycle::begin_stop() {
  stopping_.store(true);
  if (!has_ended()) set(AppState::kPendingShutdown);
}

absl::Status AppLifecycle::end() {
  absl::Status error;
  {
    const std::lock_guard lock(mutex_);
    error = error_;
  }
  set(error.ok() ? AppState::kNotRunning : AppState::kError);
  return error;
}

absl::Status AppLifecycle::wait_until_settled(Duration timeout) const {
  std::unique_lock lock(mutex_);
  const auto settled = [this] { return state_ != AppState::kCreated && state_ != AppState::kRebalancing; };
  if (!changed_.wait_for(lock, timeout, settled)) {
    return absl::DeadlineExceededError("the application is still " + std::string(to_string(state_)));
  }
  return error_;
}

void AppLifecycle::wait_for_change(Duration timeout) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout);
}

}  // namespace levada
