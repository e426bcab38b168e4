// One process at a time in a directory, told by a lock that the kernel takes back when the process dies.
//
//   ASSIGN_OR_RETURN(DirectoryLock lock, DirectoryLock::take("/var/lib/app"));     // until `lock` is destroyed
//
// The lock is an flock(2) on the file .lock in the directory, which stays. It holds within a process, too.
#pragma once

#include <filesystem>

#include <absl/status/statusor.h>

namespace levada {

class DirectoryLock {
 public:
  // Makes the directory if it is not there. kFailedPrecondition, with the directory's name, while somebody else has it.
  static absl::StatusOr<DirectoryLock> take(const std::filesystem::path& directory);
  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int file) : file_(file) {}

  int file_;  // a descriptor, or -1
};

}  // namespace levada
