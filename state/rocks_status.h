// RocksDB's errors in Levada's words. For .cc files that include RocksDB's headers, too.
#pragma once

#include <filesystem>

#include <absl/status/status.h>
namespace rocksdb {
class Status;
}

namespace levada::internal {

absl::Status to_status(const rocksdb::Status& status, const std::filesystem::path& directory);

// Throws StoreError unless the status is ok.
void throw_if_error(const rocksdb::Status& status, const std::filesystem::path& directory);

}  // namespace levada::internal
