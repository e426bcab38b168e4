// A cluster some of whose answers a test replaces by errors.
//
//   FaultyCluster cluster(embedded);
//   cluster.set_fault([](const Request& request) -> absl::Status {
//     return request.what == "committed" ? absl::UnavailableError("nobody there") : absl::OkStatus();
//   });
//   cluster.clear_fault();
//
// Asked about each request of a consumer or producer made from it that a broker would have to answer: "offsets",
// "end_offsets", "committed", "commit", "topic", "flush". May be changed while clients are used by other threads.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include <levada/runtime/cluster.h>

namespace levada::testing {

struct Request {
  std::string_view what;
  std::string about;  // the first partition, or the topic; empty for flush
};

class FaultyCluster final : public Cluster {
 public:
  using Fault = std::function<absl::Status(const Request&)>;

  // `real` outlives it, and it outlives its clients.
  explicit FaultyCluster(Cluster& real) : real_(real) {}

  void set_fault(Fault fault);
  void clear_fault() { set_fault({}); }
  // What the fault says of a request; ok without one.
  absl::Status check(const Request& request);

  absl::StatusOr<std::unique_ptr<Consumer>> consumer(const ClientProperties& properties) override;
  absl::StatusOr<std::unique_ptr<Producer>> producer(const ClientProperties& properties) override;
  absl::StatusOr<std::unique_ptr<Admin>> admin(const ClientProperties& properties) override;

 private:
  Cluster& real_;
  std::mutex mutex_ = {};
  Fault fault_ = {};
};

}  // namespace levada::testing
