// Whether a configuration makes sense: every key known, every value of its kind, nothing that contradicts what Levada
// needs, and the values in harmony with each other.
//
//   absl::Status status = check_config(entries);
//   // "num.stream.threads = many (app.properties:3): expected an integer, 1 or more"
//
// The first error, kInvalidArgument. It names the key, where it was set, and its value unless that is secret. Pure
// functions.
#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>

#include <levada/runtime/config_entries.h>

namespace levada::internal {

absl::Status check_config(const ConfigEntries& entries);

// One sentence for each key that is set and has no effect.
std::vector<std::string> ineffective_keys(const ConfigEntries& entries);

}  // namespace levada::internal
