#include <condition_variable>
#include <mutex>
#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/app_setup.h>
#include <levada/runtime/pattern_topics.h>
#include <levada/runtime/topic_watch.h>

namespace levada {

absl::Status TopicWatch::make_plan(Admin& admin, std::chrono::steady_clock::time_point deadline) {
  LEVADA_ASSIGN_OR_RETURN(Topology found, internal::find_topics(topology_, config_, admin, deadline, log_));
  return plans_.add(std::move(found), [&](const Topology& topology) {
    return internal::prepare_topics(topology, config_, admin, deadline, log_);
  });
}

void TopicWatch::start(Cluster& cluster, std::function<void()> on_change) {
  if (!reads_patterns(topology_)) return;
  thread_ = std::jthread([this, &cluster, on_change = std::move(on_change)](const std::stop_token& stop) {
    run(stop, cluster, on_change);
  });
}

void TopicWatch::stop() { thread_ = {}; }

void TopicWatch::run(const std::stop_token& stop, Cluster& cluster, const std::function<void()>& on_change) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  while (!stop.stop_requested()) {
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, config_.metadata_refresh_interval(), [] { return false; });
    if (stop.stop_requested()) return;
    const absl::StatusOr<bool> changed = look(cluster);
    if (!changed.ok()) log_.warn("cannot use the topics there are now", {{"reason", changed.status().message()}});
    if (!changed.ok() || !*changed) continue;
    log_.info("other topics match now");
    on_change();
  }
}

// Whether there is another plan now.
absl::StatusOr<bool> TopicWatch::look(Cluster& cluster) {
  LEVADA_ASSIGN_OR_RETURN(const auto admin, cluster.admin(config_.client_properties(ClientRole::kAdmin)));
  const auto now = std::chrono::steady_clock::now();
  LEVADA_ASSIGN_OR_RETURN(const Topology found, internal::find_topics(topology_, config_, *admin, now, log_));
  if (ApplicationPlan::external_sources(found) == plans_.newest().external_sources()) return false;
  LEVADA_RETURN_IF_ERROR(make_plan(*admin, now));
  return true;
}

}  // namespace levada
