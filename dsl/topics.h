// What a source reads: a topic, several, or all that match a pattern.
//
//   builder.stream<std::string, Order>("orders");
//   builder.stream<std::string, Order>({"orders", "late-orders"});
//   builder.stream<std::string, Order>(TopicPattern("orders-.*"));
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include <levada/core/topic_pattern.h>

namespace levada {

// NOLINTBEGIN(google-explicit-constructor): it stands where a topic's name would.
class Topics {
 public:
  // Not inline, since g++ 12 would warn at calls of a pattern that is not initialised.
  Topics(const char* topic);
  Topics(std::string topic);
  Topics(std::initializer_list<std::string> topics);
  Topics(std::vector<std::string> topics);
  Topics(TopicPattern pattern);

  const std::vector<std::string>& names() const { return names_; }
  const std::optional<TopicPattern>& pattern() const { return pattern_; }

 private:
  std::vector<std::string> names_ = {};
  std::optional<TopicPattern> pattern_ = std::nullopt;
};
// NOLINTEND(google-explicit-constructor)

}  // namespace levada
