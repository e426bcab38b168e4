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

// What is there already is left as it is: whoever made it decided who may read it.
std::error_code make_for_owner(const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::is_directory(directory, error)) return {};
  if (directory.has_parent_path() && directory.has_relative_path()) {
    if (const std::error_code failed = make_for_owner(directory.parent_path())) return failed;
  }
  std::filesystem::create_directory(directory, error);
  if (!error) std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  return error;
}

}  // namespace

absl::Status make_private_directory(const std::filesystem::path& directory) {
  return to_status(make_for_owner(directory), directory, "cannot be made");
}

absl::Status remove_directory(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::remove_all(directory, error);
  return to_status(error, directory, "cannot be removed");
}

}  // namespace levada
