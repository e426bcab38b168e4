// The settings of one client: Levada's defaults, what the application says about all clients, about this kind, about
// this one, and on top what Levada decides.
//
//   ClientProperties properties = client_properties(entries, keys, ClientRole::kMainConsumer, {.thread = 2});
//
// The layers of a main consumer are "max.poll.interval.ms", "consumer.max.poll.interval.ms" and
// "main.consumer.max.poll.interval.ms"; a later one wins. A key that means nothing to a client is not given to it.
// Pure functions; the entries have been validated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <absl/types/span.h>

#include <levada/runtime/cluster.h>
#include <levada/runtime/config_entries.h>
#include <levada/runtime/librdkafka_keys.h>

namespace levada {

enum class ClientRole : std::uint8_t { kMainConsumer, kRestoreConsumer, kGlobalConsumer, kProducer, kAdmin };

struct ClientOptions {
  std::string client_id = {};   // of the whole process; else client.id, else application.id
  std::string process_id = {};  // part of the client id of a main consumer, if its group is to know processes apart
  int thread = 0;               // from 1; gives each thread's clients, and static members, names of their own
  // What prefetched records may occupy, and what records wait in to be sent: payload and librdkafka's overhead
  // together.
  std::size_t fetch_buffer_bytes = std::size_t{128} << 20;
  std::size_t send_buffer_bytes = std::size_t{64} << 20;
  std::string transactional_id = {};  // of the producer, under exactly_once_v2
};

namespace internal {

// A key, cut into the clients it is about and the client's own key.
struct ClientKey {
  std::string_view prefix;  // "", "consumer.", "main.consumer.", …
  std::string_view key;
};

ClientKey split_client_key(std::string_view key);
absl::Span<const std::string_view> client_prefixes();

// Kafka Streams' defaults under exactly_once_v2, in milliseconds.
inline constexpr std::int64_t kTransactionTimeout = 10'000;
inline constexpr std::int64_t kCommitIntervalUnderExactlyOnce = 100;

// processing.guarantee=exactly_once_v2.
bool is_exactly_once(const ConfigEntries& entries);
// group.protocol=consumer.
bool has_consumer_protocol(const ConfigEntries& entries);

// The application's settings for this client, by Kafka's spelling of the key.
std::map<std::string, ConfigEntry> client_entries(const ConfigEntries& entries, const LibrdkafkaKeys& keys,
                                                  ClientRole role);

ClientProperties client_properties(const ConfigEntries& entries, const LibrdkafkaKeys& keys, ClientRole role,
                                   const ClientOptions& options);

}  // namespace internal
}  // namespace levada
