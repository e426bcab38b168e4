#include <limits>

#include <levada/runtime/internal_topics.h>

namespace levada {
namespace {

TopicConfig with_overrides(TopicConfig config, const TopicConfig& overrides) {
  for (const auto& [key, value] : overrides) config[key] = value;
  return config;
}

constexpr Duration kAdditionalCompactionLag = std::chrono::hours(24);

std::string longer_than_retention(const StoreSpec& store, Duration additional) {
  const Duration longest = Duration::max();
  const Duration sum = store.retention > longest - additional ? longest : store.retention + additional;
  return std::to_string(sum.count());
}

}  // namespace

std::string full_topic_name(const Topology& topology, const std::string& application_id, const std::string& name) {
  return topology.repartition_topics.contains(name) ? application_id + "-" + name : name;
}

std::string changelog_topic_name(const std::string& application_id, const std::string& store) {
  return application_id + "-" + store + "-changelog";
}

TopicConfig repartition_topic_config(const InternalTopicSettings& settings) {
  return with_overrides({{"cleanup.policy", "delete"},
                         {"message.timestamp.type", "CreateTime"},
                         {"retention.ms", "-1"},
                         {"segment.bytes", "52428800"}},
                        settings.topic_config);
}

TopicConfig changelog_topic_config(const StoreSpec& store, const InternalTopicSettings& settings) {
  TopicConfig config = {{"cleanup.policy", "compact"}, {"message.timestamp.type", "CreateTime"}};
  const bool is_windowed = store.shape == StoreShape::kWindow || store.shape == StoreShape::kSession;
  if (is_windowed) {
    config["cleanup.policy"] = store.retain_duplicates ? "delete" : "compact,delete";
  }
  config = with_overrides(std::move(config), settings.topic_config);
  if (is_windowed) {
    config["retention.ms"] = longer_than_retention(store, settings.additional_retention);
  }
  if (store.shape == StoreShape::kVersioned) {
    config["min.compaction.lag.ms"] = longer_than_retention(store, kAdditionalCompactionLag);
  }
  return with_overrides(std::move(config), store.topic_config);
}

}  // namespace levada
