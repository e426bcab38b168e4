// Topics told by a regular expression, which has to match the whole name: also those that are created later.
//
//   builder.stream<std::string, std::string>(TopicPattern("logs-.*"))
//
// The grammar is ECMAScript's, which agrees with Java's in all that names of topics need. A value.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>

namespace levada {

class TopicPattern {
 public:
  explicit TopicPattern(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }

  // kInvalidArgument with the text, if it is no regular expression. Nothing else may be asked then.
  absl::Status check() const;
  // In the order given.
  std::vector<std::string> matching(const std::vector<std::string>& topics) const;
  bool matches(const std::string& topic) const { return !matching({topic}).empty(); }

  friend bool operator==(const TopicPattern&, const TopicPattern&) = default;

 private:
  std::string text_;
};

}  // namespace levada
