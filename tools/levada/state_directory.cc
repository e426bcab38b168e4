#include "tools/levada/state_directory.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <levada/core/text.h>
#include <levada/state/stored_state.h>

namespace levada {
namespace {

// Sub-topology and partition; what is no task comes first.
std::pair<std::int64_t, std::int64_t> numbers_of(const TaskDirectory& directory) {
  const auto parts = internal::split(directory.task, '_');
  if (parts.size() != 2) return {-1, -1};
  return {internal::parse_integer(parts[0]).value_or(-1), internal::parse_integer(parts[1]).value_or(-1)};
}

}  // namespace

absl::StatusOr<std::vector<TaskDirectory>> task_directories(const std::filesystem::path& directory) {
  std::vector<TaskDirectory> found;
  std::filesystem::path path = directory;
  if (!path.has_filename()) path = path.parent_path();  // it ends in a slash
  if (StoredState::is_at(path)) return std::vector<TaskDirectory>{{.task = path.filename(), .path = path}};
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (StoredState::is_at(entry.path())) found.push_back({.task = entry.path().filename(), .path = entry.path()});
  }
  if (error) return absl::NotFoundError(fmt::format("{}: cannot be read ({})", path.string(), error.message()));
  if (found.empty()) {
    return absl::NotFoundError(fmt::format(
        "{}: no stores are in it; give <state.dir>/<application.id>, or the directory of a task in it", path.string()));
  }
  std::ranges::sort(found, {}, numbers_of);
  return found;
}

}  // namespace levada
