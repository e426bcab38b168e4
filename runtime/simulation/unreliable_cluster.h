// A cluster as one simulated instance sees it: requests may fail, nobody may be reached, and what is sent is on its way
// for a while.
//
//   UnreliableCluster cluster(embedded, [](const ClusterRequest& request) -> absl::Status {
//     return request.what == "committed" ? absl::UnavailableError("nobody there") : absl::OkStatus();
//   });
//
// The fault is asked about each request of a client made from it that a broker would have to answer: "offsets",
// "end_offsets", "offset_at", "committed", "commit", "topic", "send", "flush", "init_transactions", "send_offsets",
// "commit_transaction", "abort_transaction", "delete_records" and so on; and about "commit answer" and the like, when
// the broker has done what it was asked for and only has to say so. It may call die().
//
// die() is what a broker sees of an instance that is killed: nothing more arrives of its clients, and nobody says
// good-bye.
//
// One thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <levada/runtime/cluster.h>

namespace levada::internal {

class UnreliableProducer;

struct ClusterRequest {
  std::string_view what;
  std::string about = {};  // the first partition, or the topic; empty for others
};

class UnreliableCluster final : public Cluster {
 public:
  using Fault = std::function<absl::Status(const ClusterRequest&)>;

  // `real` outlives it, and it outlives its clients.
  UnreliableCluster(Cluster& real, Fault fault) : real_(real), fault_(std::move(fault)) {}

  // While no broker is reached, no request is answered, nothing is fetched, and the group hears nothing.
  void set_reachable(bool reachable) { reachable_ = reachable; }
  bool is_reachable() const { return reachable_; }
  void die() { dead_ = true; }
  bool is_dead() const { return dead_; }
  // What producers have sent arrives. Else it does at their flush, or is lost with the instance.
  void deliver();

  // What becomes of a request; ok if nothing happens to it.
  absl::Status check(const ClusterRequest& request);

  absl::StatusOr<std::unique_ptr<Consumer>> consumer(const ClientProperties& properties) override;
  absl::StatusOr<std::unique_ptr<Producer>> producer(const ClientProperties& properties) override;
  absl::StatusOr<std::unique_ptr<Admin>> admin(const ClientProperties& properties) override;

 private:
  friend class UnreliableConsumer;
  friend class UnreliableProducer;

  // Of a client that ends: it goes on to exist for the broker if the instance was killed.
  void leave(std::unique_ptr<Consumer> real);
  void leave(UnreliableProducer& producer, std::unique_ptr<Producer> real);

  Cluster& real_;
  const Fault fault_;
  bool dead_ = false;
  bool reachable_ = true;
  std::vector<UnreliableProducer*> producers_ = {};
  std::vector<std::unique_ptr<Consumer>> dead_consumers_ = {};
  std::vector<std::unique_ptr<Producer>> dead_producers_ = {};
};

}  // namespace levada::internal
