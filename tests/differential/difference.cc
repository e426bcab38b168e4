#include "tests/differential/difference.h"

#include <map>
#include <vector>

namespace levada::differential {
namespace {

using Json = nlohmann::json;
using Records = std::vector<Json>;

// Without the headers of users, which no reader looks at.
Json without_user_headers(Json record) {
  Json kept = Json::array();
  for (const Json& header : record.at("headers")) {
    if (header.at(0) == "v") kept.push_back(header);
  }
  record["headers"] = kept;
  return record;
}

// The last record of each key after each input, in the order of keys.
Records settled(const Records& records) {
  std::map<std::pair<int, std::string>, Json> last;
  for (const Json& record : records) {
    last[{record.at("after"), record.at("key").dump()}] = without_user_headers(record);
  }
  Records all;
  for (const auto& [place, record] : last) all.push_back(record);
  return all;
}

std::map<std::string, Records> by_topic(const Json& answer) {
  std::map<std::string, Records> topics;
  for (const Json& record : answer.at("records")) topics[record.at("topic")].push_back(record);
  for (auto& [topic, records] : topics) {
    if (topic.ends_with("-changelog")) records = settled(records);
  }
  return topics;
}

std::string text_at(const Records& records, std::size_t place) {
  return place < records.size() ? records[place].dump() : "nothing";
}

std::string difference_of(const std::string& topic, const Records& expected, const Records& actual) {
  for (std::size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
    if (text_at(expected, i) == text_at(actual, i)) continue;
    return "record " + std::to_string(i) + " of " + topic + "\n  Kafka Streams: " + text_at(expected, i) +
           "\n  Levada:        " + text_at(actual, i);
  }
  return "";
}

std::string said(const Json& answer) {
  for (const char* what : {"invalid", "refused", "error"}) {
    if (answer.contains(what)) return std::string(what) + ": " + answer.at(what).get<std::string>();
  }
  return "accepted";
}

// Unless both answered, or both refused the topology.
std::string failure_of(const Json& kafka_streams, const Json& levada) {
  for (const char* what : {"invalid", "error", "refused"}) {
    if (!kafka_streams.contains(what) && !levada.contains(what)) continue;
    if (kafka_streams.contains("refused") && levada.contains("refused")) return "";
    return std::string(what) + "\n  Kafka Streams: " + said(kafka_streams) + "\n  Levada:        " + said(levada);
  }
  return "";
}

}  // namespace

std::string difference(const Json& kafka_streams, const Json& levada) {
  const std::string failure = failure_of(kafka_streams, levada);
  if (!failure.empty() || kafka_streams.contains("refused")) return failure;
  if (kafka_streams.at("describe") != levada.at("describe")) {
    return "descriptions\n  Kafka Streams: " + kafka_streams.at("describe").get<std::string>() +
           "\n  Levada: " + levada.at("describe").get<std::string>();
  }
  auto expected = by_topic(kafka_streams);
  auto actual = by_topic(levada);
  for (const auto& [topic, records] : actual) expected.try_emplace(topic);
  for (const auto& [topic, records] : expected) {
    const std::string found = difference_of(topic, records, actual[topic]);
    if (!found.empty()) return found;
  }
  for (const char* what : {"full", "dropped", "processed"}) {
    const std::string there = kafka_streams.value(what, Json()).dump();
    const std::string here = levada.value(what, Json()).dump();
    if (there != here) return std::string(what) + "\n  Kafka Streams: " + there + "\n  Levada:        " + here;
  }
  return "";
}

}  // namespace levada::differential
