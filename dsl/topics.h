// What a source reads: a topic, several, or all that match a pattern.
//
//   builder.stream<std::string, Order>("orders");
//   builder.stream<std::string, Order>({"orders", "late-orders"});
//   builder.stream<std::string, Order>(TopicPattern("orders-.*"));
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <levada/core/topic_pattern.h>

namespace levada {

// NOLINTBEGIN(google-explicit-constructor): it stands where a topic's name would.
class Topics {
 public:
  Topics(const char* topic) : names_{topic} {}
  Topics(std::string topic) : names_{std::move(topic)} {}
  Topics(std::initializer_list<std::string> topics) : names_(topics) {}
  Topics(std::vector<std::string> topics) : names_(std::move(topics)) {}
  Topics(TopicPattern pattern) : pattern_(std::move(pattern)) {}

  const std::vector<std::string>& names() const { return names_; }
  const std::optional<TopicPattern>& pattern() const { return pattern_; }

 private:
  std::vector<std::string> names_ = {};
  std::optional<TopicPattern> pattern_ = std::nullopt;
};
// NOLINTEND(google-explicit-constructor)

}  // namespace levada
