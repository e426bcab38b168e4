#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <levada/core/uuid.h>
#include <levada/runtime/process_id.h>
#include <levada/state/private_directory.h>

namespace levada {
namespace {

constexpr std::size_t kTextOfUuid = 36;

std::string new_id() {
  std::random_device device;
  const auto bits = [&device] { return std::uint64_t{device()} << 32 | device(); };
  const std::uint64_t high = bits();
  return Uuid::from_random_bits(high, bits()).to_string();
}

// A file that is locked as long as it is open; -1 if there can be none, or somebody else has it.
int open_locked(const std::filesystem::path& directory) {
  if (!make_private_directory(directory).ok()) return -1;
  const int file = ::open((directory / "process-id").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file >= 0 && ::flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  if (file >= 0) ::close(file);
  return -1;
}

std::optional<std::string> read_id(int file) {
  std::array<char, kTextOfUuid> text = {};
  if (::pread(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) return std::nullopt;
  const std::optional<Uuid> id = Uuid::parse(std::string_view(text.data(), text.size()));
  return id ? std::optional(id->to_string()) : std::nullopt;
}

}  // namespace

ProcessId ProcessId::claim(const std::filesystem::path& directory) {
  const int file = open_locked(directory);
  if (file < 0) return {new_id(), file};
  if (std::optional<std::string> known = read_id(file)) return {*std::move(known), file};
  std::string id = new_id();
  // What cannot be written down is for this time only.
  [[maybe_unused]] const ssize_t written = ::pwrite(file, id.data(), id.size(), 0);
  return {std::move(id), file};
}

ProcessId::ProcessId(ProcessId&& other) noexcept
    : text_(std::move(other.text_)), file_(std::exchange(other.file_, -1)) {}

ProcessId::~ProcessId() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace levada
