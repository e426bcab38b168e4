// The global stores of an application: each is filled by a task of its own, from all partitions of a topic, and read by
// all other tasks.
//
//   ASSIGN_OR_RETURN(auto stores, GlobalStores::open(plan.global_tasks(), environment, directory, budget));
//   stores->task(0).input(0).push(record);
//   RETURN_IF_ERROR(stores->process());                          // what was pushed; readers see it from then on
//   StoreReader prices = stores->read("prices", current);      // on any thread
//
// One thread writes. Readers may be on any thread: they see what was committed, RocksDB's stores without a lock, those
// in memory under one. All readers must be gone before it is. Steppable: nothing in here starts a thread or reads a
// clock of its own.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/runtime/store_reader.h>
#include <levada/runtime/task.h>

namespace levada {

class GlobalStores {
 public:
  // Each task has a directory in `directory`, called after its store (none: everything in memory). Damaged files are
  // destroyed, and filled anew. Errors as TaskState::open.
  static absl::StatusOr<std::unique_ptr<GlobalStores>> open(std::vector<TaskPlan> plans,
                                                            const TaskEnvironment& environment,
                                                            std::optional<std::filesystem::path> directory,
                                                            MemoryBudget& budget);

  std::size_t tasks() const { return globals_.size(); }
  Task& task(std::size_t index) { return *globals_[index]->task; }
  // Starts a task again with nothing. Not while there are readers.
  absl::Status empty(std::size_t index);

  // Processes what was pushed to the inputs, in the order of timestamps, and commits it with the inputs' positions.
  // Returns how many records.
  absl::StatusOr<std::size_t> process();

  bool contains(const std::string& store) const { return find(store) != nullptr; }
  // `current` is the reading task's, and outlives what is returned.
  StoreReader read(const std::string& store, const RecordContext& current) const;
  // The store itself, for whoever runs process().
  StateStore& store(const std::string& name) { return find(name)->task->state().store(name); }

 private:
  struct Global {
    TaskPlan plan;
    std::string store = plan.stores.front().name;
    std::unique_ptr<Task> task = nullptr;
    mutable std::mutex mutex = {};  // around changes of an engine in memory
  };

  GlobalStores(const TaskEnvironment& environment, std::optional<std::filesystem::path> directory, MemoryBudget& budget)
      : environment_(environment), directory_(std::move(directory)), budget_(budget) {}

  absl::Status open(Global& global);
  std::optional<std::filesystem::path> directory_of(const Global& global) const;
  static absl::StatusOr<std::size_t> process(Task& task);
  static absl::Status commit(Global& global);
  const Global* find(const std::string& store) const;

  const TaskEnvironment environment_;
  const std::optional<std::filesystem::path> directory_;
  MemoryBudget& budget_;
  std::vector<std::unique_ptr<Global>> globals_ = {};
};

}  // namespace levada
