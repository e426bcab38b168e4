#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/simulation/unreliable_clients.h>
#include <levada/runtime/simulation/unreliable_cluster.h>

namespace levada::internal {

void UnreliableCluster::deliver() {
  if (dead_ || !reachable_) return;
  for (UnreliableProducer* each : producers_) each->deliver();
}

absl::Status UnreliableCluster::check(const ClusterRequest& request) {
  if (dead_) return absl::UnavailableError("the instance was killed");
  if (reachable_) return fault_(request);
  // What was sent may arrive later.
  if (request.what == "flush") return absl::DeadlineExceededError("no broker is reached");
  // The client takes it all the same.
  return request.what == "send" ? absl::OkStatus() : absl::UnavailableError("no broker is reached");
}

void UnreliableCluster::leave(std::unique_ptr<Consumer> real) {
  if (dead_) dead_consumers_.push_back(std::move(real));
}

void UnreliableCluster::leave(UnreliableProducer& producer, std::unique_ptr<Producer> real) {
  std::erase(producers_, &producer);
  if (dead_) dead_producers_.push_back(std::move(real));
}

absl::StatusOr<std::unique_ptr<Consumer>> UnreliableCluster::consumer(const ClientProperties& properties) {
  LEVADA_ASSIGN_OR_RETURN(auto real, real_.consumer(properties));
  return std::make_unique<UnreliableConsumer>(*this, std::move(real));
}

absl::StatusOr<std::unique_ptr<Producer>> UnreliableCluster::producer(const ClientProperties& properties) {
  LEVADA_ASSIGN_OR_RETURN(auto real, real_.producer(properties));
  auto producer = std::make_unique<UnreliableProducer>(*this, std::move(real));
  producers_.push_back(producer.get());
  return producer;
}

absl::StatusOr<std::unique_ptr<Admin>> UnreliableCluster::admin(const ClientProperties& properties) {
  LEVADA_ASSIGN_OR_RETURN(auto real, real_.admin(properties));
  return std::make_unique<UnreliableAdmin>(*this, std::move(real));
}

}  // namespace levada::internal
