#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <levada/core/status_macros.h>
#include <levada/state/file_lock.h>
#include <levada/state/private_directory.h>

namespace levada {

absl::StatusOr<FileLock> FileLock::take(const std::filesystem::path& file) {
  FileLock lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.file_ >= 0 && ::flock(lock.file_, LOCK_EX | LOCK_NB) == 0) return lock;
  const int error = errno;
  if (error == EWOULDBLOCK) return absl::FailedPreconditionError(file.string() + ": locked by somebody else");
  return absl::UnavailableError(
      fmt::format("{}: cannot be locked ({})", file.string(), std::generic_category().message(error)));
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

FileLock::~FileLock() {
  if (file_ >= 0) ::close(file_);
}

absl::StatusOr<FileLock> lock_directory(const std::filesystem::path& directory) {
  LEVADA_RETURN_IF_ERROR(make_private_directory(directory));
  absl::StatusOr<FileLock> lock = FileLock::take(directory / ".lock");
  if (!absl::IsFailedPrecondition(lock.status())) return lock;
  return absl::FailedPreconditionError(
      fmt::format("state directory {}: in use by another instance of the application", directory.string()));
}

}  // namespace levada
