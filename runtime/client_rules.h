// What Levada decides about its clients' settings, so that an application may repeat it but not contradict it; and what
// to say about keys of Java's clients that librdkafka does not have.
//
//   for (const ClientRule& rule : client_rules()) …
//   java_client_hint("max.poll.records")     // "Levada sizes its polls itself; see buffered.records.per.partition"
//
// Pure data and functions.
#pragma once

#include <string_view>

#include <absl/status/status.h>
#include <absl/types/span.h>

namespace levada::internal {

struct ClientRule {
  std::string_view key;    // in Kafka's spelling
  std::string_view value;  // the one value possible; empty: the key must not be set at all
  std::string_view reason;
  bool consumer = false;  // whether Levada sets it for consumers, of whatever role
  bool producer = false;
};

absl::Span<const ClientRule> client_rules();

// kInvalidArgument if a client must not have this setting. `key` is in Kafka's spelling.
absl::Status check_client_rules(std::string_view key, std::string_view value);

// What to do instead of setting a key that only Java's clients have; empty for any other key.
std::string_view java_client_hint(std::string_view key);

}  // namespace levada::internal
