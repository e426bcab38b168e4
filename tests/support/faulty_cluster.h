// A cluster some of whose answers a test replaces by errors.
//
//   FaultyCluster cluster(embedded);
//   cluster.set_fault([](const Request& request) -> absl::Status {
//     return request.what == "committed" ? absl::UnavailableError("nobody there") : absl::OkStatus();
//   });
//   cluster.clear_fault();
//
// Asked about each request of a consumer or producer made from it that a broker would have to answer: "offsets",
// "end_offsets", "committed", "commit", "topic", "send", "flush", "init_transactions", "send_offsets",
// "commit_transaction", "abort_transaction"; about "assign"; about "answer", when the broker has committed a
// transaction and only has to say so; about "delivery" of each record that send() took, "topic: value"; and about
// "group_metadata", whose consumer is then no member of its group. May be changed while clients are used by other
// threads.
//
// die() is what a broker sees of an instance that is killed: nothing more arrives of its clients, and nobody says
// good-bye.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <levada/runtime/cluster.h>

namespace levada::testing {

struct Request {
  std::string_view what;
  std::string about;  // the first partition, or the topic; empty for others
};

class FaultyCluster final : public Cluster {
 public:
  using Fault = std::function<absl::Status(const Request&)>;

  // `real` outlives it, and it outlives its clients.
  explicit FaultyCluster(Cluster& real) : real_(real) {}

  void set_fault(Fault fault);
  void clear_fault() { set_fault({}); }
  void die();
  // What the fault says of a request; ok without one.
  absl::Status check(const Request& request);

  absl::StatusOr<std::unique_ptr<Consumer>> consumer(const ClientProperties& properties) override;
  absl::StatusOr<std::unique_ptr<Producer>> producer(const ClientProperties& properties) override;
  absl::StatusOr<std::unique_ptr<Admin>> admin(const ClientProperties& properties) override;

 private:
  friend class FaultyConsumer;
  friend class FaultyProducer;

  // Of a client that ends: it goes on to exist for the broker if the instance was killed.
  void leave(std::unique_ptr<Consumer> consumer);
  void leave(std::unique_ptr<Producer> producer);

  Cluster& real_;
  std::mutex mutex_ = {};
  Fault fault_ = {};
  bool dead_ = false;
  std::vector<std::unique_ptr<Consumer>> dead_consumers_ = {};
  std::vector<std::unique_ptr<Producer>> dead_producers_ = {};
};

}  // namespace levada::testing
