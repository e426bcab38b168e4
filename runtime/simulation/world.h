// Everything one run of a simulation stands on: the clock, the cluster, the instances, and who decides what happens
// next.
//
//   SimulatedWorld world(topology, options, input, directory);
//   RETURN_IF_ERROR(world.prepare());
//   RETURN_IF_ERROR(world.run());              // until all is processed and every instance has stopped
//   world.plan(); world.cluster(); …           // to look at what is left
//
// Owned by a Simulation.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>

#include <levada/runtime/application_plan.h>
#include <levada/runtime/embedded_cluster.h>
#include <levada/runtime/end_of_input.h>
#include <levada/runtime/simulation.h>
#include <levada/runtime/simulation/instance.h>
#include <levada/runtime/simulation/random.h>
#include <levada/runtime/simulation/topic_reader.h>
#include <levada/runtime/simulation/trace.h>
#include <levada/runtime/streams_config.h>

namespace levada::internal {

// Stands between the instances and the cluster: the simulation's own tests have clients with defects made there.
using ClusterView = std::function<std::unique_ptr<Cluster>(Cluster&)>;

class SimulatedWorld {
 public:
  using Input = Simulation::Input;

  // All of them outlive it. State directories are made in `directory`.
  SimulatedWorld(const Topology& topology, const SimulationOptions& options, const Input& input,
                 std::filesystem::path directory);
  ~SimulatedWorld();

  // Before run().
  void set_view(const ClusterView& view);
  // Errors are about options, settings and topology.
  absl::Status prepare();
  // Errors tell what is not as it was promised.
  absl::Status run();

  const SimulationOptions& options() const { return options_; }
  StreamsConfig config(const std::string& instance) const;
  std::string application_id() const { return config({}).application_id(); }
  const std::filesystem::path& directory() const { return directory_; }
  const ApplicationPlan& plan() const { return *plan_; }
  const ManualClock& clock() const { return clock_; }
  EmbeddedCluster& cluster() { return cluster_; }
  // As instances see it.
  Cluster& seen_cluster() { return view_ != nullptr ? *view_ : static_cast<Cluster&>(cluster_); }
  SimulationTrace& trace() { return trace_; }
  SimulationRandom& random() { return random_; }
  const std::vector<std::unique_ptr<SimulatedInstance>>& instances() const { return instances_; }
  // Topics of others that the application writes to, with their partitions.
  const std::map<std::string, Partition>& outputs() const { return outputs_; }
  const std::map<std::string, int>& faults() const { return faults_; }
  Duration took() const { return took_; }  // until all had stopped
  // Nobody writes for a task that others have by now. Without transactions an instance does that is only slow.
  bool has_no_zombies() const;

  // What becomes of a request of an instance, and of a write to its disk. Either may kill it.
  absl::Status on_request(SimulatedInstance& instance, UnreliableCluster& cluster, const ClusterRequest& request);
  absl::Status on_write(SimulatedInstance& instance, UnreliableCluster& cluster, const std::string& task);
  void after_crash(SimulatedInstance& instance);

 private:
  absl::Status create_topics(Admin& admin);
  void choose_faults();
  void step();
  void feed(std::size_t records);
  void let_pass(Duration time);
  void run_instances();
  void disturb(SimulatedInstance& instance);
  bool happens(double rate) { return rate > 0 && random_.happens(rate); }
  void note(const SimulatedInstance& instance, const std::string& kind, const std::string& what);
  absl::Status fault_of(const ClusterRequest& request);
  absl::Status recover();
  absl::Status finish();
  absl::Status check_watched();
  std::size_t steps() const { return static_cast<std::size_t>(options_.steps); }

  const Topology& topology_;
  const SimulationOptions options_;
  const Input& input_;
  const std::filesystem::path directory_;
  ManualClock clock_;
  SimulationTrace trace_;
  SimulationRandom random_;
  EmbeddedCluster cluster_;
  std::unique_ptr<Cluster> view_ = nullptr;
  SimulationFaults rates_;
  bool exactly_once_ = true;
  bool faulty_ = false;
  std::map<std::string, int> faults_ = {};
  Duration took_ = {};
  std::map<std::string, Partition> outputs_ = {};
  std::optional<Topology> found_ = std::nullopt;  // with the topics that its patterns match
  std::optional<ApplicationPlan> plan_ = std::nullopt;
  std::unique_ptr<Producer> producer_ = nullptr;
  std::size_t fed_ = 0;
  std::unique_ptr<TopicReader> watcher_ = nullptr;  // reads the output all the time
  absl::Status violation_ = {};
  std::vector<std::unique_ptr<SimulatedInstance>> instances_ = {};  // the first to go
};

}  // namespace levada::internal
