// Whether the stores that instances left on their disks are the fold of their changelogs: what is on disk with what the
// changelog has behind it is what the whole changelog makes of nothing.
#pragma once

#include <absl/status/status.h>

#include <levada/runtime/simulation/world.h>

namespace levada::internal {

// Of all tasks of all instances, which have stopped. kInternal with the instance, the task, the store and a key.
absl::Status check_stores(SimulatedWorld& world);

}  // namespace levada::internal
