// One process of the simulated application: its threads, its disk, its view of the cluster. It runs a round when it is
// told to, and can die in the middle of one.
//
//   RETURN_IF_ERROR(instance.start());
//   RETURN_IF_ERROR(instance.round());         // an error is a violation: no fault here may end a thread
//   instance.crash();
//
// Owned by the SimulatedWorld.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include <levada/runtime/global_thread.h>
#include <levada/runtime/simulation/trace.h>
#include <levada/runtime/simulation/unreliable_cluster.h>
#include <levada/runtime/stream_thread.h>
#include <levada/state/disk_faults.h>
#include <levada/state/memory_budget.h>

namespace levada::internal {

class SimulatedWorld;

class SimulatedInstance final : private DiskFaults {
 public:
  using Time = std::chrono::steady_clock::time_point;

  SimulatedInstance(SimulatedWorld& world, std::string name);
  ~SimulatedInstance();

  // Ok, too, if it cannot start now because of a fault.
  absl::Status start();
  // One round of each thread, if it is alive, not in the middle of a round, and not stalled.
  absl::Status round();
  void crash();
  // Commits and leaves. Its error tells why it could not commit.
  absl::Status stop();

  void stall(Duration time);
  void cut_off(Duration time);
  void fill_disk(Duration time);
  // Nothing is wrong with it from now on.
  void heal();
  void lose_directory();

  bool alive() const { return alive_; }
  bool in_round() const { return in_round_; }
  bool may_start() const;  // it has been down for long enough
  const std::string& name() const { return name_; }
  const std::filesystem::path& directory() const { return directory_; }  // of the application's state
  std::uint64_t restored() const { return restored_; }

 private:
  absl::Status before_write(const std::filesystem::path& directory) override;

  UnreliableCluster& cluster() { return *clusters_.back(); }
  absl::Status start_threads();
  absl::Status run_threads();
  void go_down();
  Time after(Duration time) const;

  SimulatedWorld& world_;
  const std::string name_;
  const std::filesystem::path directory_;
  SimulationLog log_;
  MemoryBudget budget_;
  std::vector<std::unique_ptr<UnreliableCluster>> clusters_ = {};  // of each process that it was
  std::unique_ptr<GlobalThread> global_ = nullptr;                 // its stores outlive the threads
  std::vector<std::unique_ptr<StreamThread>> threads_ = {};
  bool alive_ = false;
  bool in_round_ = false;
  int disks_ = 1;
  std::uint64_t restored_ = 0;
  Time stalled_until_ = {};
  Time cut_until_ = {};
  Time full_until_ = {};
  Time down_until_ = {};
};

}  // namespace levada::internal
