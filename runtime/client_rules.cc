#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include <levada/core/text.h>
#include <levada/runtime/client_rules.h>

namespace levada::internal {

namespace {

constexpr std::string_view kCommits = "Levada commits offsets itself, together with the state they belong to";
constexpr std::string_view kSerdes = "serdes are found from the C++ types, or passed for one topic";
constexpr std::string_view kJavaClass = "a Java class cannot be used";
constexpr std::string_view kTrust =
    "librdkafka reads PEM files: use ssl.ca.location, or ssl.keystore.location for PKCS#12";

constexpr ClientRule kRules[] = {
    {"enable.auto.commit", "false", kCommits, true, false},
    {"enable.auto.offset.store", "false", kCommits, true, false},
    {"enable.partition.eof", "true", "restoring relies on it to know where a log ends", true, false},
    {"partition.assignment.strategy", "range", "it keeps the partitions of co-partitioned topics together", true,
     false},
    {"enable.idempotence", "true", "a retry could otherwise double or reorder changelog records", false, true},
    {"acks", "all", "state that is committed must not be lost with one broker", false, true},
    {"partitioner", "murmur2_random", "records with equal keys must meet in the partition where Java puts them", false,
     true},
    // librdkafka's default; it warns when it is told.
    {"queuing.strategy", "fifo", "changelog records must stay in order", false, false},
    {"delivery.report.only.error", "true", "Levada waits for deliveries by flushing", false, true},
    {"group.protocol", "", "it is the application's: write group.protocol", true, false},
    {"group.remote.assignor", "", "it is range: that keeps the partitions of co-partitioned topics together", true,
     false},
    {"transactional.id", "", "transactions belong to processing.guarantee", false, true},
};

struct Range {
  std::string_view key;
  std::int64_t low;
  std::int64_t high;
  std::string_view reason;
};

// Limits of the idempotent producer.
constexpr Range kRanges[] = {
    {"max.in.flight", 1, 5, "more requests in flight could reorder records when one is retried"},
    {"retries", 1, INT32_MAX, "a record that is not retried is lost"},
};

struct Hint {
  std::string_view key;
  std::string_view text;
};

constexpr Hint kHints[] = {
    {"key.serializer", kSerdes},
    {"value.serializer", kSerdes},
    {"key.deserializer", kSerdes},
    {"value.deserializer", kSerdes},
    {"interceptor.classes", kJavaClass},
    {"partitioner.class", "the partition follows from the key, or from the partitioner given to to() or repartition()"},
    {"partitioner.ignore.keys", "the partition follows from the key"},
    {"partitioner.adaptive.partitioning.enable", "librdkafka has no such setting; see sticky.partitioning.linger.ms"},
    {"partitioner.availability.timeout.ms", "librdkafka has no such setting; see sticky.partitioning.linger.ms"},
    {"max.poll.records", "Levada sizes its polls itself; see buffered.records.per.partition"},
    {"buffer.memory", "librdkafka's name for it is queue.buffering.max.kbytes"},
    {"max.request.size", "librdkafka's name for it is message.max.bytes"},
    {"max.block.ms", "see task.timeout.ms"},
    {"fetch.max.wait.ms", "librdkafka's name for it is fetch.wait.max.ms"},
    {"max.in.flight.requests", "write max.in.flight.requests.per.connection"},
    {"compression.gzip.level", "librdkafka's name for it is compression.level"},
    {"compression.lz4.level", "librdkafka's name for it is compression.level"},
    {"compression.zstd.level", "librdkafka's name for it is compression.level"},
    {"send.buffer.bytes", "librdkafka's name for it is socket.send.buffer.bytes"},
    {"receive.buffer.bytes", "librdkafka's name for it is socket.receive.buffer.bytes"},
    {"default.api.timeout.ms", "librdkafka's nearest setting is socket.timeout.ms"},
    {"socket.connection.setup.timeout.max.ms", "librdkafka's name for it is socket.connection.setup.timeout.ms"},
    {"retry.backoff.max.ms", "it needs librdkafka 2.3 or later"},
    {"client.dns.lookup", "it needs librdkafka 2.2 or later"},
    {"metadata.recovery.strategy", "it needs librdkafka 2.10 or later"},
    {"metadata.recovery.rebootstrap.trigger.ms", "it needs librdkafka 2.11 or later"},
    {"metadata.max.idle.ms", "librdkafka's nearest setting is metadata.max.age.ms"},
    {"exclude.internal.topics", "topics are named, so there is nothing to exclude"},
    {"group.remote.assignor", "it needs librdkafka 2.12 or later, and is always range"},
    {"internal.leave.group.on.close", "members leave at once unless group.instance.id is set"},
    {"auto.include.jmx.reporter", "there is no JMX"},
    {"security.providers", kJavaClass},
    {"sasl.jaas.config", "use sasl.username and sasl.password"},
    {"sasl.client.callback.handler.class", kJavaClass},
    {"sasl.login.callback.handler.class", kJavaClass},
    {"sasl.login.class", kJavaClass},
    {"sasl.oauthbearer.token.endpoint.url", "it needs a librdkafka with OAUTHBEARER/OIDC"},
    {"ssl.truststore.location", kTrust},
    {"ssl.truststore.password", kTrust},
    {"ssl.truststore.type", kTrust},
    {"ssl.truststore.certificates", "librdkafka's name for it is ssl.ca.pem"},
    {"ssl.keystore.certificate.chain", "librdkafka's name for it is ssl.certificate.pem"},
    {"ssl.keystore.key", "librdkafka's name for it is ssl.key.pem"},
    {"ssl.keystore.type", "librdkafka reads PEM files, and PKCS#12 by ssl.keystore.location"},
    {"ssl.protocol", "librdkafka negotiates the newest version"},
    {"ssl.enabled.protocols", "librdkafka negotiates the newest version"},
    {"ssl.provider", kJavaClass},
    {"ssl.engine.factory.class", kJavaClass},
};

bool same_value(const ClientRule& rule, std::string_view value) {
  if (equals_ignoring_case(rule.value, value)) return true;
  return rule.key == "acks" && value == "-1";
}

absl::Status must_be(std::string_view what, std::string_view reason) {
  return absl::InvalidArgumentError(fmt::format("must {}: {}", what, reason));
}

}  // namespace

absl::Span<const ClientRule> client_rules() { return kRules; }

absl::Status check_client_rules(std::string_view key, std::string_view value) {
  for (const ClientRule& rule : kRules) {
    if (rule.key != key || same_value(rule, value)) continue;
    if (rule.value.empty()) return must_be("not be set", rule.reason);
    return must_be(fmt::format("be {}", rule.value), rule.reason);
  }
  for (const Range& range : kRanges) {
    const std::optional<std::int64_t> number = parse_integer(value);
    if (range.key != key || (number && *number >= range.low && *number <= range.high)) continue;
    return must_be(fmt::format("be from {} to {}", range.low, range.high), range.reason);
  }
  return absl::OkStatus();
}

std::string_view java_client_hint(std::string_view key) {
  for (const Hint& hint : kHints) {
    if (hint.key == key) return hint.text;
  }
  return {};
}

}  // namespace levada::internal
