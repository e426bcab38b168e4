// The properties of one client, from those of the cluster, those of the call, and what Levada relies on.
//
//   LEVADA_ASSIGN_OR_RETURN(ClientConfig config, ClientConfig::make(ClientKind::kConsumer, common, own));
//
// Errors: kInvalidArgument that names the key, for one that librdkafka does not know, a value it does not take, and a
// value that would break what Levada promises (such as enable.auto.commit=true). Values of secrets are not repeated.
#pragma once

#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include <levada/runtime/cluster.h>
#include <levada/runtime/kafka/handles.h>

namespace levada::internal {

enum class ClientKind { kConsumer, kProducer, kAdmin };

// What a consumer does when it is to read where the log has nothing (any more, or yet).
enum class OffsetReset { kEarliest, kLatest, kNone };

class ClientConfig {
 public:
  static absl::StatusOr<ClientConfig> make(ClientKind kind, const ClientProperties& common,
                                           const ClientProperties& own);

  std::string get(std::string_view key) const;  // "" when it is not set
  // Of properties that librdkafka knows and has a number for; 0 for others.
  Duration milliseconds(std::string_view key) const;
  std::size_t number(std::string_view key) const;
  ClientKind kind() const { return kind_; }
  OffsetReset offset_reset() const { return offset_reset_; }
  rd_kafka_conf_s* conf() const { return conf_.get(); }
  rd_kafka_conf_s* release_conf() { return conf_.release(); }  // for rd_kafka_new(), which takes it
  ClientConfig copy() const;                                   // for another client like this one

 private:
  explicit ClientConfig(ClientKind kind);

  absl::Status apply(const std::string& key, const std::string& value);
  absl::Status apply_offset_reset(const std::string& value);

  ClientKind kind_;
  OffsetReset offset_reset_ = OffsetReset::kEarliest;
  KafkaPtr<rd_kafka_conf_s> conf_;
};

}  // namespace levada::internal
