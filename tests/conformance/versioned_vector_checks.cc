#include <regex>

#include <levada/core/value_and_timestamp.h>
#include <levada/state/version_segment.h>

#include "tests/conformance/vector_checks.h"

namespace levada {
namespace {

Timestamp ms(const std::string& text) { return Timestamp(Duration(std::stoll(text))); }

// What "[10,20)=v1,[20,35)=tombstone" says, put one behind the other; "gap => tombstone at 20" is what follows.
VersionSegment segment_of(const std::string& records, std::vector<Bytes>& values) {
  static const std::regex kVersion(R"(\[(\d+),(\d+)\)=(\w+))");
  std::optional<VersionSegment> segment;
  for (std::sregex_iterator at(records.begin(), records.end(), kVersion), end; at != end; ++at) {
    const std::smatch& match = *at;
    values.push_back(match[3]);
    const NullableView value = values.back() == "tombstone" ? NullableView() : NullableView(values.back());
    if (segment) {
      segment->insert_as_latest(ms(match[1]), ms(match[2]), value);
    } else {
      segment.emplace(ms(match[1]), ms(match[2]), value);
    }
  }
  return segment.value();
}

void check_segment_value(const Json& vector) {
  std::string records = text_of(vector, "records");
  std::vector<Bytes> values;
  values.reserve(10);  // the segment has views of them
  std::optional<VersionSegment> segment;
  if (records == "degenerate: tombstone at 20") {
    segment.emplace(ms("20"));
  } else if (records == "insert 15=mid into vector 02 (find+insert)") {
    segment = segment_of("[10,20)=v1,[20,35)=v2x", values);
    segment->insert(ms("15"), "mid");
  } else {
    segment = segment_of(records, values);
  }
  expect_appends(vector, [&](Bytes& out) { segment->append_to(out); });
  const Bytes bytes = from_hex(vector.at("hex").get<std::string>());
  expect_appends(vector, [&](Bytes& out) { VersionSegment(BytesView(bytes)).append_to(out); });
}

void check_latest_value(const Json& vector) {
  const Bytes value = text_of(vector, "value");
  const ValueAndTimestampView latest{value, time_of(vector.at("in").at("timestamp"))};
  expect_appends(vector, [&](Bytes& out) { append_value_and_timestamp(latest, out); });
}

}  // namespace

VectorChecks versioned_checks() {
  return {{"versioned/segment-value", check_segment_value}, {"versioned/latest-value", check_latest_value}};
}

}  // namespace levada
