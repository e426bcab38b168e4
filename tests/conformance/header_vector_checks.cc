// Headers in stores and on changelogs, and positions.
#include <regex>

#include <levada/core/position.h>
#include <levada/core/stored_headers.h>
#include <levada/core/value_and_timestamp.h>

#include "tests/conformance/vector_checks.h"

namespace levada {
namespace {

Headers headers_of(const Json& pairs) {
  Headers headers;
  for (const Json& pair : pairs) {
    Header header = {.key = pair.at(0).get<std::string>(), .value = std::nullopt};
    if (!pair.at(1).is_null()) header.value = from_hex(pair.at(1));
    headers.push_back(std::move(header));
  }
  return headers;
}

void check_headers(const Json& vector) {
  const Headers headers = headers_of(vector.at("in").at("headers"));
  expect_appends(vector, [&](Bytes& out) { append_headers(headers, out); });
  EXPECT_EQ(read_headers(from_hex(vector.at("hex").get<std::string>())), headers);
}

// A null value is no entry.
void expect_value(const Json& vector, const Json& value, const Json& time, const Json& pairs) {
  if (value.is_null()) {
    EXPECT_TRUE(vector.at("hex").is_null());
    return;
  }
  const Headers headers = headers_of(pairs);
  const std::string text = value;
  const ValueAndTimestampView entry = {.value = text, .timestamp = time_of(time)};
  expect_appends(vector, [&](Bytes& out) {
    append_headers_prefix(headers, out);
    append_value_and_timestamp(entry, out);
  });
  const Bytes bytes = from_hex(vector.at("hex").get<std::string>());
  BytesView rest = bytes;
  EXPECT_EQ(read_headers_prefix(rest), headers);
  EXPECT_EQ(read_value_and_timestamp(rest), entry);
}

void expect_aggregation(const Json& vector, const Json& value, const Json& pairs) {
  if (value.is_null()) {
    EXPECT_TRUE(vector.at("hex").is_null());
    return;
  }
  const Headers headers = headers_of(pairs);
  expect_appends(vector, [&](Bytes& out) {
    append_headers_prefix(headers, out);
    out += value.get<std::string>();
  });
  const Bytes bytes = from_hex(vector.at("hex").get<std::string>());
  BytesView rest = bytes;
  EXPECT_EQ(read_headers_prefix(rest), headers);
  EXPECT_EQ(rest, value.get<std::string>());
}

void check_value(const Json& vector) {
  const Json& in = vector.at("in");
  expect_value(vector, in.at("value"), in.at("timestamp"), in.at("headers"));
}

void check_aggregation(const Json& vector) {
  expect_aggregation(vector, vector.at("in").at("aggregation"), vector.at("in").at("headers"));
}

void check_restored_value(const Json& vector) {
  const Json& in = vector.at("in");
  expect_value(vector, in.at("changelog_value"), in.at("changelog_timestamp"), in.at("changelog_headers"));
}

void check_restored_session(const Json& vector) {
  expect_aggregation(vector, vector.at("in").at("changelog_value"), vector.at("in").at("changelog_headers"));
}

// An entry from before there were headers gets those of none.
void check_migrated_timestamped(const Json& vector) {
  expect_appends(vector, [&](Bytes& out) {
    append_headers_prefix({}, out);
    out += from_hex(text_of(vector, "timestamped_value_hex"));
  });
}

void check_migrated_plain(const Json& vector) {
  expect_value(vector, vector.at("in").at("plain_value"), -1, Json::array());
}

// "Position{position={topic={0=5, 3=77}, t2={1=1}}}"
Position position_of(const std::string& text) {
  static const std::regex topic("(\\w+)=\\{([^{}]*)\\}");
  static const std::regex offset("(\\d+)=(\\d+)");
  Position position;
  for (std::sregex_iterator each(text.begin(), text.end(), topic), end; each != end; ++each) {
    auto& offsets = position.emplace_back((*each)[1], std::map<Partition, Offset>()).second;
    const std::string inner = (*each)[2];
    for (std::sregex_iterator pair(inner.begin(), inner.end(), offset); pair != end; ++pair) {
      offsets[std::stoi((*pair)[1])] = std::stoll((*pair)[2]);
    }
  }
  // Of an empty one, "position={}" looks like a topic.
  if (!position.empty() && position.front().first == "position") position.clear();
  return position;
}

void check_position(const Json& vector) {
  const Position position = position_of(text_of(vector, "position"));
  expect_appends(vector, [&](Bytes& out) { append_position(position, out); });
  EXPECT_EQ(read_position(from_hex(vector.at("hex").get<std::string>())), position);
}

}  // namespace

VectorChecks header_checks() {
  return {{"headers/bytes", check_headers},
          {"store/value-timestamp-headers", check_value},
          {"store/aggregation-with-headers", check_aggregation},
          {"restore/value-timestamp-headers", check_restored_value},
          {"restore/session", check_restored_session},
          {"migrate/timestamped-to-headers", check_migrated_timestamped},
          {"migrate/plain-to-headers", check_migrated_plain},
          {"position/header-c", check_position}};
}

}  // namespace levada
