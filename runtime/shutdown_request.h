// How one instance tells all the others of its group to stop: a member joins whose client id says so. Every instance
// sees a rebalance then, and looks at the members.
//
//   ShutdownRequest request(cluster, {.group = "app", .topics = topics, .consumer = properties});
//   request.note_group_change();
//   RETURN_IF_ERROR(request.look());              // kCancelled if another instance has asked
//   request.ask(30s);
//
// One for an instance; used by its threads.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include <levada/core/time.h>
#include <levada/runtime/cluster.h>

namespace levada {

struct ShutdownRequestSettings {
  std::string group = {};
  std::vector<std::string> topics = {};
  ClientProperties consumer = {};  // as those of a thread of the group
  ClientProperties admin = {};
};

class ShutdownRequest {
 public:
  // The cluster outlives it.
  ShutdownRequest(Cluster& cluster, ShutdownRequestSettings settings)
      : cluster_(cluster), settings_(std::move(settings)) {}

  void note_group_change() { changed_.store(true); }
  // Asks the group for its members, if it has changed and nobody has looked since; else this is cheap. Where no broker
  // answers it is looked at again.
  absl::Status look();

  // Returns when no other member is left, none of this instance either. kDeadlineExceeded if some still are.
  absl::Status ask(Duration timeout);

 private:
  Cluster& cluster_;
  const ShutdownRequestSettings settings_;
  std::atomic<bool> changed_ = false;
  std::mutex mutex_ = {};
  std::unique_ptr<Admin> admin_ = nullptr;  // of whoever looks
};

}  // namespace levada
