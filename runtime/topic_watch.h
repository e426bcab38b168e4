// The plans of an application follow from the topics there are. Where it reads patterns, other topics may match later:
// a thread looks for them at metadata.max.age.ms.
//
//   TopicWatch topics(topology, config, log);
//   RETURN_IF_ERROR(topics.make_plan(admin, deadline));
//   topics.start(cluster, [&] { threads.wake_up(); });
//   topics.plans().newest()
//
// Owned by the application, which starts and stops it from one thread at a time; what it is given outlives it.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <thread>

#include <absl/status/status.h>

#include <levada/core/log.h>
#include <levada/core/topology.h>
#include <levada/runtime/admin.h>
#include <levada/runtime/cluster.h>
#include <levada/runtime/plan_history.h>
#include <levada/runtime/streams_config.h>

namespace levada {

class TopicWatch {
 public:
  TopicWatch(const Topology& topology, const StreamsConfig& config, const Logger& log)
      : topology_(topology), config_(config), log_(log) {}

  // Works out the plan from the topics that are there, and creates those of the application. Tries until `deadline` if
  // no broker answers.
  absl::Status make_plan(Admin& admin, std::chrono::steady_clock::time_point deadline);
  const PlanHistory& plans() const { return plans_; }

  // Does nothing for a topology without patterns. `on_change` is called on the thread that looks.
  void start(Cluster& cluster, std::function<void()> on_change);
  void stop();

 private:
  void run(const std::stop_token& stop, Cluster& cluster, const std::function<void()>& on_change);
  absl::StatusOr<bool> look(Cluster& cluster);

  const Topology& topology_;
  const StreamsConfig& config_;
  const Logger& log_;
  PlanHistory plans_ = {};
  std::jthread thread_ = {};
};

}  // namespace levada
