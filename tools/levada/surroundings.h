// What a command of the levada program has around it: where it writes, and how it finds a cluster. Tests give it an
// embedded one.
#pragma once

#include <functional>
#include <memory>
#include <ostream>

#include <absl/status/statusor.h>

#include <levada/runtime/cluster.h>
#include <levada/runtime/streams_config.h>

namespace levada {

struct Surroundings {
  std::ostream& out;
  std::ostream& err;
  std::function<absl::StatusOr<std::unique_ptr<Cluster>>(const StreamsConfig& config)> connect;
  const char* const* environment = nullptr;  // null-terminated, of "NAME=value"
};

}  // namespace levada
