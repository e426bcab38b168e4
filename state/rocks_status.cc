#include <string>

#include <absl/strings/match.h>
#include <fmt/format.h>
#include <rocksdb/status.h>

#include <levada/state/rocks_status.h>
#include <levada/state/store_error.h>

namespace levada::internal {
namespace {

// RocksDB has no code for it; both its messages, for another process and for this one, speak of the lock file.
bool is_locked(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() && (absl::StrContains(text, "While lock file") || absl::StrContains(text, "lock hold by"));
}

bool is_file_missing(const rocksdb::Status& status) {
  return status.IsPathNotFound() || absl::StrContains(status.ToString(), "No such file or directory");
}

}  // namespace

absl::Status to_status(const rocksdb::Status& status, const std::filesystem::path& directory) {
  if (status.ok()) return absl::OkStatus();
  const auto message = [&](const char* what) {
    return fmt::format("state directory {}: {} ({})", directory.string(), what, status.ToString());
  };
  if (is_locked(status)) return absl::UnavailableError(message("in use by another process or task"));
  // Busy: RocksDB is recovering from a full disk by itself at this moment.
  if (status.IsNoSpace() || status.IsBusy()) return absl::ResourceExhaustedError(message("the disk is full"));
  if (status.IsCorruption() || is_file_missing(status)) return absl::DataLossError(message("damaged"));
  if (status.IsIOError()) return absl::UnavailableError(message("cannot be read or written"));
  return absl::InternalError(message("RocksDB refused"));
}

void throw_if_error(const rocksdb::Status& status, const std::filesystem::path& directory) {
  if (!status.ok()) throw StoreError(to_status(status, directory));
}

}  // namespace levada::internal
