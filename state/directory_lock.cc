#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <levada/core/status_macros.h>
#include <levada/state/directory_lock.h>
#include <levada/state/private_directory.h>

namespace levada {

absl::StatusOr<DirectoryLock> DirectoryLock::take(const std::filesystem::path& directory) {
  LEVADA_RETURN_IF_ERROR(make_private_directory(directory));
  const std::filesystem::path path = directory / ".lock";
  DirectoryLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.file_ >= 0 && ::flock(lock.file_, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) {
    return absl::FailedPreconditionError(
        fmt::format("state directory {}: in use by another instance of the application", directory.string()));
  }
  return absl::UnavailableError(
      fmt::format("{}: cannot be locked ({})", path.string(), std::generic_category().message(errno)));
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace levada
