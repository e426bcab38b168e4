// The topics an application makes for itself: their names and configuration are Kafka Streams', so that a Java
// application can take over from this one, and this one from it.
//
//   full_topic_name(topology, "app", "counts-repartition")    // "app-counts-repartition"
//   changelog_topic_name("app", "counts")                      // "app-counts-changelog"
#pragma once

#include <map>
#include <string>

#include <levada/core/topology.h>

namespace levada {

struct InternalTopicSettings {
  std::string application_id = {};
  std::map<std::string, std::string> topic_config = {};  // the configuration's topic.* entries, without the prefix
  // windowstore.changelog.additional.retention.ms
  Duration additional_retention = std::chrono::hours(24);
};

// The name the cluster knows a source's or sink's topic by: with the application id if it is one of the topology's own.
std::string full_topic_name(const Topology& topology, const std::string& application_id, const std::string& name);
std::string changelog_topic_name(const std::string& application_id, const std::string& store);

using TopicConfig = std::map<std::string, std::string>;
TopicConfig repartition_topic_config(const InternalTopicSettings& settings);
// A store's own topic_config wins over the application's topic.* entries, those over what Levada sets.
TopicConfig changelog_topic_config(const StoreSpec& store, const InternalTopicSettings& settings);

}  // namespace levada
