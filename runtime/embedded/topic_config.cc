#include <algorithm>
#include <utility>

#include <absl/status/status.h>
#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>

#include <levada/runtime/embedded/topic_config.h>

namespace levada::internal::embedded {
namespace {

// What a Kafka 4.3 broker tells of a topic that was created without any configuration.
const std::map<std::string, std::string>& defaults() {
  static const std::map<std::string, std::string> values = {
      {"cleanup.policy", "delete"},
      {"compression.gzip.level", "-1"},
      {"compression.lz4.level", "9"},
      {"compression.type", "producer"},
      {"compression.zstd.level", "3"},
      {"delete.retention.ms", "86400000"},
      {"file.delete.delay.ms", "60000"},
      {"flush.messages", "9223372036854775807"},
      {"flush.ms", "9223372036854775807"},
      {"follower.replication.throttled.replicas", ""},
      {"index.interval.bytes", "4096"},
      {"leader.replication.throttled.replicas", ""},
      {"local.retention.bytes", "-2"},
      {"local.retention.ms", "-2"},
      {"max.compaction.lag.ms", "9223372036854775807"},
      {"max.message.bytes", "1048588"},
      {"message.timestamp.after.max.ms", "3600000"},
      {"message.timestamp.before.max.ms", "9223372036854775807"},
      {"message.timestamp.type", "CreateTime"},
      {"min.cleanable.dirty.ratio", "0.5"},
      {"min.compaction.lag.ms", "0"},
      {"min.insync.replicas", "1"},
      {"preallocate", "false"},
      {"remote.log.copy.disable", "false"},
      {"remote.log.delete.on.disable", "false"},
      {"remote.storage.enable", "false"},
      {"retention.bytes", "-1"},
      {"retention.ms", "604800000"},
      {"segment.bytes", "1073741824"},
      {"segment.index.bytes", "10485760"},
      {"segment.jitter.ms", "0"},
      {"segment.ms", "604800000"},
      {"unclean.leader.election.enable", "false"},
  };
  return values;
}

// Reads one value after the other and remembers the first that is wrong.
class ConfigReader {
 public:
  ConfigReader(const std::string& topic, const std::map<std::string, std::string>& values)
      : topic_(topic), values_(values) {}

  const std::string& text(const std::string& key) const { return values_.at(key); }
  std::int64_t integer(const std::string& key, std::int64_t minimum) {
    std::int64_t value = 0;
    if (!absl::SimpleAtoi(text(key), &value) || value < minimum) refuse(key, fmt::format("an integer >= {}", minimum));
    return value;
  }
  // "For ever" is given as the largest integer: added to a time it would overflow.
  Duration milliseconds(const std::string& key, std::int64_t minimum) {
    constexpr std::int64_t kTenThousandYears = 315'576'000'000'000;
    return Duration(std::min(integer(key, minimum), kTenThousandYears));
  }
  double ratio(const std::string& key) {
    double value = 0;
    if (!absl::SimpleAtod(text(key), &value) || value < 0 || value > 1) refuse(key, "a number from 0 to 1");
    return value;
  }
  bool one_of(const std::string& key, const std::string& yes, const std::string& no) {
    if (text(key) != yes && text(key) != no) refuse(key, fmt::format("{} or {}", yes, no));
    return text(key) == yes;
  }
  void refuse(const std::string& key, const std::string& expected) {
    if (!status_.ok()) return;
    status_ = absl::InvalidArgumentError(fmt::format("topic {}: {}={}: expected {}", topic_, key, text(key), expected));
  }
  const absl::Status& status() const { return status_; }

 private:
  const std::string& topic_;
  const std::map<std::string, std::string>& values_;
  absl::Status status_;
};

void read_cleanup_policy(ConfigReader& reader, TopicConfig& config) {
  config.deletes = config.compacts = false;
  for (absl::string_view policy : absl::StrSplit(reader.text("cleanup.policy"), ',')) {
    policy = absl::StripAsciiWhitespace(policy);
    if (policy == "delete") {
      config.deletes = true;
    } else if (policy == "compact") {
      config.compacts = true;
    } else {
      reader.refuse("cleanup.policy", "delete, compact or both");
    }
  }
}

absl::StatusOr<TopicConfig> read_all(const std::string& topic, std::map<std::string, std::string> values) {
  ConfigReader reader(topic, values);
  TopicConfig config;
  read_cleanup_policy(reader, config);
  config.log_append_time = reader.one_of("message.timestamp.type", "LogAppendTime", "CreateTime");
  config.retention = reader.milliseconds("retention.ms", -1);
  config.retention_bytes = reader.integer("retention.bytes", -1);
  config.min_compaction_lag = reader.milliseconds("min.compaction.lag.ms", 0);
  config.delete_retention = reader.milliseconds("delete.retention.ms", 0);
  config.max_message_bytes = reader.integer("max.message.bytes", 0);
  config.min_cleanable_dirty_ratio = reader.ratio("min.cleanable.dirty.ratio");
  if (!reader.status().ok()) return reader.status();
  config.all = std::move(values);
  return config;
}

}  // namespace

absl::StatusOr<TopicConfig> parse_topic_config(const std::string& topic,
                                               const std::map<std::string, std::string>& given) {
  std::map<std::string, std::string> values = defaults();
  for (const auto& [key, value] : given) {
    const auto known = values.find(key);
    if (known == values.end()) {
      return absl::InvalidArgumentError(fmt::format("topic {}: unknown configuration {}={}", topic, key, value));
    }
    known->second = value;
  }
  return read_all(topic, std::move(values));
}

}  // namespace levada::internal::embedded
