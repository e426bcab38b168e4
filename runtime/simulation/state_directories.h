// What a crash may leave of the directories of tasks, and a place for them as long as a simulation runs.
#pragma once

#include <filesystem>
#include <string>

#include <levada/runtime/simulation/random.h>

namespace levada::internal {

// Goes with what is in it. In memory, where the system has a place for that.
class SimulationDirectory {
 public:
  SimulationDirectory();
  ~SimulationDirectory();
  SimulationDirectory(const SimulationDirectory&) = delete;
  SimulationDirectory& operator=(const SimulationDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Cuts a part off the log of one of the databases below `directory`: what was written last, and had not reached the
// disk when the machine stopped. Nobody may have it open. Returns what was done, for the trace.
std::string tear_database(const std::filesystem::path& directory, SimulationRandom& random);

// Takes away a file without which one of the databases below `directory` cannot be opened.
std::string damage_database(const std::filesystem::path& directory, SimulationRandom& random);

}  // namespace levada::internal
