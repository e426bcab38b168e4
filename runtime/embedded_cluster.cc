#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/embedded/admin.h>
#include <levada/runtime/embedded/broker.h>
#include <levada/runtime/embedded/client_settings.h>
#include <levada/runtime/embedded/consumer.h>
#include <levada/runtime/embedded/producer.h>
#include <levada/runtime/embedded_cluster.h>

namespace levada {

EmbeddedCluster::EmbeddedCluster(const Clock& clock, EmbeddedClusterOptions options)
    : broker_(std::make_unique<internal::embedded::Broker>(clock, options.log_cleaner_interval)) {}

EmbeddedCluster::~EmbeddedCluster() = default;

absl::StatusOr<std::unique_ptr<Consumer>> EmbeddedCluster::consumer(const ClientProperties& properties) {
  LEVADA_ASSIGN_OR_RETURN(internal::embedded::ClientSettings settings,
                          internal::embedded::parse_client_settings(properties));
  return std::make_unique<internal::embedded::EmbeddedConsumer>(*broker_, std::move(settings));
}

absl::StatusOr<std::unique_ptr<Producer>> EmbeddedCluster::producer(const ClientProperties& properties) {
  LEVADA_ASSIGN_OR_RETURN(internal::embedded::ClientSettings settings,
                          internal::embedded::parse_client_settings(properties));
  return std::make_unique<internal::embedded::EmbeddedProducer>(*broker_, std::move(settings));
}

absl::StatusOr<std::unique_ptr<Admin>> EmbeddedCluster::admin(const ClientProperties& properties) {
  LEVADA_ASSIGN_OR_RETURN(const internal::embedded::ClientSettings settings,
                          internal::embedded::parse_client_settings(properties));
  return std::make_unique<internal::embedded::EmbeddedAdmin>(*broker_, settings.isolation);
}

void EmbeddedCluster::run_log_cleaner() {
  internal::embedded::BrokerAccess access(*broker_);
  access.clean_logs();
  access.announce();
}

std::size_t EmbeddedCluster::log_bytes() const { return internal::embedded::BrokerAccess(*broker_).topics().bytes(); }

}  // namespace levada
