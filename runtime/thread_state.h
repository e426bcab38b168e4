// What a thread, and the application as a whole, is about: Kafka Streams' states and names.
#pragma once

#include <string_view>

namespace levada {

enum class ThreadState {
  kCreated,
  kStarting,            // joining the group
  kPartitionsRevoked,   // the group is handing out its partitions anew
  kPartitionsAssigned,  // opening and restoring what it was given
  kRunning,
  kPendingShutdown,
  kDead,
};

enum class AppState {
  kCreated,
  kRebalancing,  // at least one thread is not running yet
  kRunning,
  kPendingShutdown,
  kNotRunning,
  kPendingError,  // a thread has failed, the others are closing
  kError,
};

std::string_view to_string(ThreadState state);  // "RUNNING"
std::string_view to_string(AppState state);

}  // namespace levada
