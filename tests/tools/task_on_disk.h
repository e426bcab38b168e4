// A task's stores on disk, as a stopped instance leaves them.
//
//   TaskOnDisk task(directory / "app" / "0_1", {Counts::spec("counts")});
//   task.store<Counts>("counts").put("a", 1);
//   task.close({{"counts", 17}});                 // with the changelogs' offsets
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <levada/state/task_state.h>

namespace levada::testing {

class TaskOnDisk {
 public:
  TaskOnDisk(const std::filesystem::path& directory, std::vector<StoreSpec> stores)
      : state_(TaskState::open(
                   {.directory = directory, .stores = std::move(stores), .budget = budget_, .current = current_})
                   .value()) {}

  template <class S>
  S& store(const std::string& name) {
    return dynamic_cast<S&>(state_->store(name));
  }
  void close(const std::map<std::string, Offset>& offsets = {}) {
    ASSERT_TRUE(state_->commit(offsets).ok());
    state_.reset();
  }

 private:
  MemoryBudget budget_{64 << 20};
  RecordContext current_ = {};
  std::unique_ptr<TaskState> state_;
};

}  // namespace levada::testing
