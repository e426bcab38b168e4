// A file or a directory that one process has at a time, told by a lock that the kernel takes back when the process
// dies.
//
//   ASSIGN_OR_RETURN(FileLock lock, lock_directory("/var/lib/app"));     // until `lock` is destroyed
//   ASSIGN_OR_RETURN(FileLock lock, FileLock::take("/var/lib/app/id"));
//
// It is an flock(2) on the file, which is made if it is not there, for its owner only, and stays. It holds within a
// process, too.
#pragma once

#include <filesystem>

#include <absl/status/statusor.h>

namespace levada {

class FileLock {
 public:
  // kFailedPrecondition while somebody else has it, kUnavailable if there can be no such file; both with its name.
  static absl::StatusOr<FileLock> take(const std::filesystem::path& file);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

  int descriptor() const { return file_; }  // to read and to write

 private:
  explicit FileLock(int file) : file_(file) {}

  int file_;  // -1: moved from
};

// Makes the directory if it is not there, and locks .lock in it.
absl::StatusOr<FileLock> lock_directory(const std::filesystem::path& directory);

}  // namespace levada
