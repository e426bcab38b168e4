// Creating and deleting topics.
//
//   Topics topics({.bootstrap_servers = "localhost:9092"});
//   topics.create({"orders", "counts"}, {.partitions = 4});
//   topics.delete_prefix("bench-");
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bench/support/kafka.h"

namespace bench {

struct TopicSettings {
  std::int32_t partitions = 4;
  std::map<std::string, std::string> config = {{"retention.ms", "-1"}};  // events may be older than any retention
};

class Topics {
 public:
  explicit Topics(const Connection& connection);

  void create(const std::vector<std::string>& names, const TopicSettings& settings = {});
  void delete_prefix(const std::string& prefix);

 private:
  void wait_until_visible(const std::string& name) const;
  std::vector<std::string> with_prefix(const std::string& prefix) const;

  KafkaHandle handle_;
};

}  // namespace bench
