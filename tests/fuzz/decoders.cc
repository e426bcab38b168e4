#include "tests/fuzz/decoders.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <absl/strings/escaping.h>

#include <levada/core/buffered_change.h>
#include <levada/core/duration_text.h>
#include <levada/core/foreign_key.h>
#include <levada/core/iso8601.h>
#include <levada/core/json.h>
#include <levada/core/offset_metadata.h>
#include <levada/core/outer_join.h>
#include <levada/core/position.h>
#include <levada/core/saved_topology.h>
#include <levada/core/serde.h>
#include <levada/core/serdes/change.h>
#include <levada/core/serdes/list.h>
#include <levada/core/serdes/windowed.h>
#include <levada/core/stored_headers.h>
#include <levada/core/time_mark.h>
#include <levada/core/uuid.h>
#include <levada/core/value_and_timestamp.h>
#include <levada/core/window_key.h>
#include <levada/runtime/properties_text.h>
#include <levada/runtime/upstream_times.h>

namespace levada::testing {
namespace {

void expect(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

// `read` gives a value or throws SerdeError, its only promise.
template <class Read>
auto read_if_possible(Read read, BytesView bytes) -> std::optional<decltype(read(bytes))> {
  try {
    return read(bytes);
  } catch (const SerdeError&) {
    return std::nullopt;
  }
}

// What was read is written to the same bytes ever after.
template <auto kRead, auto kAppend>
void reads_back(BytesView bytes) {
  const auto value = read_if_possible(kRead, bytes);
  if (!value) return;
  Bytes written;
  kAppend(*value, written);
  Bytes again;
  kAppend(kRead(written), again);
  expect(written == again, "written once more, it has other bytes");
}

void append_newest_subscription(const SubscriptionView& subscription, Bytes& out) {
  append_subscription(subscription, out);
}

template <class T>
void serde_reads_back(const Serde<T>& serde, BytesView bytes) {
  const auto value = read_if_possible([&](BytesView in) { return serde.decode(in); }, bytes);
  Bytes written;
  if (!value || !serde.encode(*value, written)) return;
  Bytes again;
  expect(serde.encode(serde.decode(written), again) && written == again, "written once more, it has other bytes");
}

template <class T>
void plain(BytesView bytes) {
  serde_reads_back(Serde<T>(), bytes);
}

void time_windowed(BytesView bytes) {
  serde_reads_back(time_windowed_serde<std::string>(std::chrono::hours(1)), bytes);
}
void session_windowed(BytesView bytes) { serde_reads_back(session_windowed_serde<std::int64_t>(), bytes); }
void change(BytesView bytes) { serde_reads_back(change_serde<std::string>(), bytes); }

void buffered_change(BytesView bytes) {
  const auto found = read_if_possible(read_buffered_change, bytes);
  read_if_possible(read_buffered_time, bytes);
  if (!found) return;
  read_if_possible(read_record_context, found->context);
  read_if_possible([&](BytesView in) { return buffered_change_size("key", in); }, bytes);
}

// The first byte chooses the version.
void old_buffered_change(BytesView bytes) {
  if (bytes.empty()) return;
  const NullableView version = bytes[0] == 0 ? NullableView() : NullableView(bytes.substr(0, 1));
  const auto upgraded = read_if_possible(
      [&](BytesView in) { return upgraded_buffered_change(version, in, Timestamp{}); }, bytes.substr(1));
  if (upgraded) read_buffered_change(*upgraded);
}

void headers_prefix(BytesView bytes) {
  BytesView rest = bytes;
  const auto headers = read_if_possible([&](BytesView) { return read_headers_prefix(rest); }, bytes);
  if (!headers) return;
  expect(rest.size() <= bytes.size() && bytes.ends_with(rest), "the rest is no end of the bytes");
}

enum class Colour { kRed, kBlue };

struct Nested {
  double number = 0;
  static constexpr auto json_fields() { return levada::json_fields("number", &Nested::number); }
};

struct Everything {
  std::string text;
  std::int32_t small = 0;
  std::uint64_t large = 0;
  double real = 0;
  bool yes = false;
  Timestamp time = {};
  Colour colour = Colour::kRed;
  std::optional<Uuid> id;
  std::vector<Nested> list;
  std::map<std::string, std::optional<Nested>> map;
  static constexpr auto json_fields() {
    return levada::json_fields("text", &Everything::text, "small", &Everything::small, "large", &Everything::large,
                               "real", &Everything::real, "yes", &Everything::yes,
                               levada::optional_field("time", &Everything::time), "colour", &Everything::colour, "id",
                               &Everything::id, "list", &Everything::list, "map", &Everything::map);
  }
};

void offset_metadata(BytesView text) {
  const OffsetMetadata metadata = decode_offset_metadata(text);  // what it cannot read is as if it were not there
  expect(decode_offset_metadata(encode_offset_metadata(metadata)) == metadata, "it reads back as something else");
}

void time_mark(BytesView bytes) {
  const std::optional<TimeMark> mark = read_time_mark(bytes);
  if (!mark) return;
  Bytes written;
  append_time_mark(*mark, written);
  expect(read_time_mark(written) == mark, "it reads back as something else");
}

// As somebody else may have changed it behind the name of its topic.
void upstream_times(BytesView bytes) {
  const std::vector<TaskId> tasks = {{0, 0}, {0, 1}, {2, 0}};
  const std::string name = UpstreamTimes(tasks).entry("topic", 1).first;
  const std::size_t begin = name.rfind('.') + 1;
  Bytes entry;
  expect(absl::Base64Unescape(name.substr(begin), &entry), "it is not base64");
  entry.resize(4);
  entry += bytes;
  UpstreamTimes times(tasks);
  times.restore("topic", 1, {{name.substr(0, begin) + absl::Base64Escape(entry), Timestamp(Duration(1))}});
  UpstreamTimes again(tasks);
  again.restore("topic", 2, {times.entry("topic", 2)});
  expect(again.lowest() == times.lowest(), "it reads back as something else");
}

void properties(BytesView text) {
  internal::PropertiesText properties(text);
  std::size_t lines = 0;
  while (const auto property = properties.next()) {
    expect(property->line > lines, "lines do not ascend");
    lines = property->line;
  }
}

void saved_topology(BytesView text) {
  const auto topology = read_saved_topology(text);
  if (!topology.ok()) return;
  const auto again = read_saved_topology(to_json(*topology));
  expect(again.ok() && *again == *topology, "it reads back as something else");
}

void iso8601(BytesView text) {
  const std::optional<Timestamp> time = parse_iso8601(text);
  if (!time) return;
  const std::string written = format_iso8601(*time);
  expect(parse_iso8601(written) == time || written.find('T') == std::string::npos, "it reads back as another time");
}

void duration(BytesView text) {
  const auto duration = parse_duration(text);
  if (duration.ok())
    expect(parse_duration(format_duration(*duration)).value() == *duration, "it reads back as another");
}

void size(BytesView text) {
  const auto size = parse_size(text);
  if (size.ok()) expect(parse_size(format_size(*size)).value() == *size, "it reads back as another");
}

}  // namespace
}  // namespace levada::testing

template <>
struct levada::JsonTraits<levada::testing::Colour> {
  static constexpr auto json_names() {
    return levada::json_names(levada::testing::Colour::kRed, "red", levada::testing::Colour::kBlue, "blue");
  }
};

namespace levada::testing {

const std::vector<Decoder>& decoders() {
  static const std::vector<Decoder> all = {
      {"string", plain<std::string>},
      {"bytes", plain<std::vector<std::byte>>},
      {"int16", plain<std::int16_t>},
      {"int32", plain<std::int32_t>},
      {"int64", plain<std::int64_t>},
      {"float", plain<float>},
      {"double", plain<double>},
      {"bool", plain<bool>},
      {"timestamp", plain<Timestamp>},
      {"uuid", plain<Uuid>},
      {"list-of-int32", plain<std::vector<std::int32_t>>},
      {"list-of-optional-strings", plain<std::vector<std::optional<std::string>>>},
      {"json", plain<Everything>},
      {"time-windowed", time_windowed},
      {"session-windowed", session_windowed},
      {"change", change},
      {"buffered-change", buffered_change},
      {"old-buffered-change", old_buffered_change},
      {"subscription", reads_back<read_subscription, append_newest_subscription>},
      {"subscription-response", reads_back<read_subscription_response, append_subscription_response>},
      {"headers", reads_back<read_headers, append_headers>},
      {"headers-prefix", headers_prefix},
      {"position", reads_back<read_position, append_position>},
      {"value-and-timestamp", reads_back<read_value_and_timestamp, append_value_and_timestamp>},
      {"outer-join-key", reads_back<read_outer_join_key, append_outer_join_key>},
      {"outer-join-value", reads_back<read_outer_join_value, append_outer_join_value>},
      {"list-value", reads_back<read_list_value, append_list_value>},
      {"window-key", reads_back<read_window_key, append_window_key>},
      {"time-first-window-key", reads_back<read_time_first_window_key, append_time_first_window_key>},
      {"key-first-window-key", reads_back<read_key_first_window_key, append_key_first_window_key>},
      {"session-key", reads_back<read_session_key, append_session_key>},
      {"time-first-session-key", reads_back<read_time_first_session_key, append_time_first_session_key>},
      {"key-first-session-key", reads_back<read_key_first_session_key, append_key_first_session_key>},
      {"offset-metadata", offset_metadata},
      {"time-mark", time_mark},
      {"upstream-times", upstream_times},
      {"properties", properties},
      {"saved-topology", saved_topology},
      {"iso8601", iso8601},
      {"duration", duration},
      {"size", size},
  };
  return all;
}

const Decoder* find_decoder(std::string_view name) {
  const auto found = std::ranges::find(decoders(), name, &Decoder::name);
  return found == decoders().end() ? nullptr : &*found;
}

}  // namespace levada::testing
