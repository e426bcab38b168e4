// The directory of an application's stores, or of one of its tasks.
//
//   LEVADA_ASSIGN_OR_RETURN(const std::vector<TaskDirectory> tasks, task_directories("/var/lib/orders/orders"));
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

namespace levada {

struct TaskDirectory {
  std::string task = {};  // "0_1", or "global"
  std::filesystem::path path = {};
};

// In the order of their numbers. kNotFound when there are none.
absl::StatusOr<std::vector<TaskDirectory>> task_directories(const std::filesystem::path& directory);

}  // namespace levada
