// Directories that only their owner may read.
//
//   RETURN_IF_ERROR(make_private_directory("/var/lib/app/0_1"));     // 0700, and what was missing above it
#pragma once

#include <filesystem>

#include <absl/status/status.h>

namespace levada {

// Errors name the directory: kPermissionDenied, kResourceExhausted for a full disk, else kUnavailable.
absl::Status make_private_directory(const std::filesystem::path& directory);

// With all that is in it; ok if it is not there.
absl::Status remove_directory(const std::filesystem::path& directory);

}  // namespace levada
