#include <utility>

#include <levada/dsl/topics.h>

namespace levada {

Topics::Topics(const char* topic) : names_{topic} {}
Topics::Topics(std::string topic) : names_{std::move(topic)} {}
Topics::Topics(std::initializer_list<std::string> topics) : names_(topics) {}
Topics::Topics(std::vector<std::string> topics) : names_(std::move(topics)) {}
Topics::Topics(TopicPattern pattern) : pattern_(std::move(pattern)) {}

}  // namespace levada
