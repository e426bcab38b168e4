// The plans of a running application, the newest last: there is another one each time that the topics have changed
// which its patterns match. Threads keep to the one they have until they take the newest.
//
//   LEVADA_RETURN_IF_ERROR(plans.add(resolved_topology, make));
//   const ApplicationPlan& now = plans.newest();
//
// All stay where they are as long as the history. newest() and add() may be called from any thread.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/topology.h>
#include <levada/runtime/application_plan.h>

namespace levada {

class PlanHistory {
 public:
  using Make = absl::FunctionRef<absl::StatusOr<ApplicationPlan>(const Topology&)>;

  // One thread at a time. An error of `make` leaves everything as it is.
  absl::Status add(Topology topology, Make make) {
    auto entry = std::make_unique<Entry>(Entry{.topology = std::move(topology)});
    absl::StatusOr<ApplicationPlan> plan = make(entry->topology);
    if (!plan.ok()) return plan.status();
    entry->plan = *std::move(plan);
    const ApplicationPlan* const newest = &*entry->plan;
    entries_.push_back(std::move(entry));
    newest_.store(newest);
    return absl::OkStatus();
  }

  // After the first add().
  const ApplicationPlan& newest() const { return *newest_.load(); }

 private:
  struct Entry {
    Topology topology;
    std::optional<ApplicationPlan> plan = std::nullopt;
  };

  std::vector<std::unique_ptr<Entry>> entries_ = {};
  std::atomic<const ApplicationPlan*> newest_ = nullptr;
};

}  // namespace levada
