#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include <levada/runtime/simulation/state_directories.h>

namespace levada::internal {
namespace {

namespace fs = std::filesystem;

fs::path parent_of_directories() {
  const fs::path memory = "/dev/shm";
  return ::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
}

std::vector<fs::path> databases_in(const fs::path& directory) {
  std::vector<fs::path> databases;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(directory, ignored)) {
    if (entry.path().filename() == "CURRENT") databases.push_back(entry.path().parent_path());
  }
  std::ranges::sort(databases);
  return databases;
}

// Their names are numbers with leading zeros: the greatest is the one that is written to.
fs::path newest_log(const fs::path& database) {
  fs::path newest;
  for (const auto& entry : fs::directory_iterator(database)) {
    if (entry.path().extension() == ".log") newest = std::max(newest, entry.path());
  }
  return newest;
}

}  // namespace

SimulationDirectory::SimulationDirectory() {
  std::string path = (parent_of_directories() / "levada-simulation-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp " + path);
  path_ = path;
}

SimulationDirectory::~SimulationDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string tear_database(const fs::path& directory, SimulationRandom& random) {
  const std::vector<fs::path> databases = databases_in(directory);
  if (databases.empty()) return "has no database to tear";
  const fs::path& database = databases[random.below(databases.size())];
  const fs::path log = newest_log(database);
  if (log.empty()) return "has no log to tear";
  const std::uintmax_t size = fs::file_size(log);
  const std::uintmax_t kept = random.below(size + 1);
  fs::resize_file(log, kept);
  return fmt::format("task {}: of {} bytes in the log {} are left", database.filename().string(), size, kept);
}

std::string damage_database(const fs::path& directory, SimulationRandom& random) {
  const std::vector<fs::path> databases = databases_in(directory);
  if (databases.empty()) return "has no database to damage";
  const fs::path& database = databases[random.below(databases.size())];
  for (const auto& entry : fs::directory_iterator(database)) {
    if (entry.path().filename().string().starts_with("MANIFEST")) fs::remove(entry.path());
  }
  return fmt::format("task {}: files are missing", database.filename().string());
}

}  // namespace levada::internal
