#include <system_error>

#include <fmt/format.h>

#include <levada/state/private_directory.h>

namespace levada {
namespace {

absl::Status to_status(const std::error_code& error, const std::filesystem::path& directory, const char* what) {
  if (!error) return absl::OkStatus();
  const std::string message = fmt::format("state directory {}: {} ({})", directory.string(), what, error.message());
  if (error == std::errc::permission_denied) return absl::PermissionDeniedError(message);
  if (error == std::errc::no_space_on_device) return absl::ResourceExhaustedError(message);
  return absl::UnavailableError(message);
}

}  // namespace

absl::Status make_private_directory(const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::is_directory(directory, error)) return absl::OkStatus();
  std::filesystem::create_directories(directory, error);
  if (!error) std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  return to_status(error, directory, "cannot be made");
}

absl::Status remove_directory(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::remove_all(directory, error);
  return to_status(error, directory, "cannot be removed");
}

}  // namespace levada
