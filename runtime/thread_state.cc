#include <levada/runtime/thread_state.h>

namespace levada {

std::string_view to_string(ThreadState state) {
  switch (state) {
    case ThreadState::kCreated:
      return "CREATED";
    case ThreadState::kStarting:
      return "STARTING";
    case ThreadState::kPartitionsRevoked:
      return "PARTITIONS_REVOKED";
    case ThreadState::kPartitionsAssigned:
      return "PARTITIONS_ASSIGNED";
    case ThreadState::kRunning:
      return "RUNNING";
    case ThreadState::kPendingShutdown:
      return "PENDING_SHUTDOWN";
    case ThreadState::kDead:
      return "DEAD";
  }
  return "UNKNOWN";
}

std::string_view to_string(AppState state) {
  switch (state) {
    case AppState::kCreated:
      return "CREATED";
    case AppState::kRebalancing:
      return "REBALANCING";
    case AppState::kRunning:
      return "RUNNING";
    case AppState::kPendingShutdown:
      return "PENDING_SHUTDOWN";
    case AppState::kNotRunning:
      return "NOT_RUNNING";
    case AppState::kPendingError:
      return "PENDING_ERROR";
    case AppState::kError:
      return "ERROR";
  }
  return "UNKNOWN";
}

}  // namespace levada
