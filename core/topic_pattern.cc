#include <algorithm>
#include <iterator>
#include <regex>

#include <absl/strings/str_cat.h>

#include <levada/core/topic_pattern.h>

namespace levada {

absl::Status TopicPattern::check() const {
  try {
    const std::regex compiled(text_);
    return absl::OkStatus();
  } catch (const std::regex_error& error) {
    return absl::InvalidArgumentError(
        absl::StrCat("topic pattern '", text_, "' is no regular expression: ", error.what()));
  }
}

std::vector<std::string> TopicPattern::matching(const std::vector<std::string>& topics) const {
  const std::regex compiled(text_);
  std::vector<std::string> found;
  std::copy_if(topics.begin(), topics.end(), std::back_inserter(found),
               [&](const std::string& topic) { return std::regex_match(topic, compiled); });
  return found;
}

}  // namespace levada
