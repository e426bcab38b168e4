#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string_view>
#include <utility>

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

// None if there can be none, or somebody else has it.
std::optional<FileLock> file_in(const std::filesystem::path& directory) {
  if (!make_private_directory(directory).ok()) return std::nullopt;
  absl::StatusOr<FileLock> file = FileLock::take(directory / "process-id");
  return file.ok() ? std::optional(*std::move(file)) : std::nullopt;
}

std::optional<std::string> read_id(int file) {
  std::array<char, kTextOfUuid> text = {};
  if (::pread(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) return std::nullopt;
  const std::optional<Uuid> id = Uuid::parse(std::string_view(text.data(), text.size()));
  return id ? std::optional(id->to_string()) : std::nullopt;
}

}  // namespace

ProcessId ProcessId::claim(const std::filesystem::path& directory) {
  std::optional<FileLock> file = file_in(directory);
  if (!file) return ProcessId(new_id());
  if (std::optional<std::string> known = read_id(file->descriptor())) {
    return ProcessId(*std::move(known), std::move(file));
  }
  std::string id = new_id();
  // What cannot be written down is for this time only.
  [[maybe_unused]] const ssize_t written = ::pwrite(file->descriptor(), id.data(), id.size(), 0);
  return ProcessId(std::move(id), std::move(file));
}

}  // namespace levada
