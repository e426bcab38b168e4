#include <levada/core/big_endian.h>
#include <levada/core/buffered_change.h>
#include <levada/core/murmur2.h>
#include <levada/core/outer_join.h>
#include <levada/core/serdes/change.h>
#include <levada/core/serdes/windowed.h>
#include <levada/core/value_and_timestamp.h>
#include <levada/core/window_key.h>

#include "tests/conformance/vector_checks.h"

namespace levada {
namespace {

Window window_of(const Json& in) { return {.start = time_of(in.at("start")), .end = time_of(in.at("end"))}; }

template <class K>
void expect_time_windowed(const Json& vector, const K& key) {
  const Window window = window_of(vector.at("in"));
  const Serde<Windowed<K>> serde = time_windowed_serde<K>(window.end - window.start);
  expect_encodes(serde, Windowed<K>{key, window}, vector);
  EXPECT_EQ(serde.decode(from_hex(vector.at("hex").get<std::string>())), (Windowed<K>{key, window}));
}

void check_time_windowed(const Json& vector) {
  if (vector.at("in").contains("key_int")) {
    expect_time_windowed(vector, vector.at("in").at("key_int").get<std::int32_t>());
  } else {
    expect_time_windowed(vector, text_of(vector, "key"));
  }
}

void check_session_windowed(const Json& vector) {
  const Windowed<std::string> key{text_of(vector, "key"), window_of(vector.at("in"))};
  const Serde<Windowed<std::string>> serde = session_windowed_serde<std::string>();
  expect_encodes(serde, key, vector);
  EXPECT_EQ(serde.decode(from_hex(vector.at("hex").get<std::string>())), key);
}

// The key, start and end a reader finds, with the window's size given; in a changelog, four bytes follow the start.
void check_time_windowed_decode(const Json& vector) {
  const Duration size(vector.at("in").at("windowSizeMs").get<std::int64_t>());
  const Bytes bytes = from_hex(vector.at("hex").get<std::string>());
  const Windowed<std::string> expected{vector.at("key"), window_of(vector)};
  if (vector.at("in").value("isChangelogTopic", false)) {
    const WindowKey key = read_window_key(bytes);
    EXPECT_EQ((Windowed<std::string>{std::string(key.key), {key.start, internal::end_of_window(key.start, size)}}),
              expected);
  } else {
    EXPECT_EQ(time_windowed_serde<std::string>(size).decode(bytes), expected);
  }
}

void check_windowed_partition(const Json& vector) {
  const Serde<Windowed<std::string>> serde = time_windowed_serde<std::string>(Duration(1000));
  const Windowed<std::string> key{text_of(vector, "key"), window_of(vector.at("in"))};
  expect_encodes(serde, key, vector);
  const Bytes bytes = from_hex(vector.at("hex").get<std::string>());
  for (const auto& [partitions, expected] : vector.at("partition_by_base_key").items()) {
    EXPECT_EQ(partition_for(bytes, std::stoi(partitions), serde.unpartitioned_suffix()), expected) << partitions;
  }
}

void check_value_and_timestamp(const Json& vector) {
  const std::string value = text_of(vector, "value");
  const ValueAndTimestampView entry{value, time_of(vector.at("in").at("timestamp"))};
  expect_appends(vector, [&](Bytes& out) { append_value_and_timestamp(entry, out); });
  EXPECT_EQ(read_value_and_timestamp(from_hex(vector.at("hex").get<std::string>())), entry);
}

template <void (*append)(const WindowKey&, Bytes&), WindowKey (*read)(BytesView)>
void check_window_key(const Json& vector) {
  const std::string key = text_of(vector, "key");
  const WindowKey window_key{key, time_of(vector.at("in").at("start")), vector.at("in").at("seqnum")};
  expect_appends(vector, [&](Bytes& out) { append(window_key, out); });
  EXPECT_EQ(read(from_hex(vector.at("hex").get<std::string>())), window_key);
}

template <void (*append)(const SessionKey&, Bytes&), SessionKey (*read)(BytesView)>
void check_session_key(const Json& vector) {
  const std::string key = text_of(vector, "key");
  const SessionKey session_key{key, window_of(vector.at("in"))};
  expect_appends(vector, [&](Bytes& out) { append(session_key, out); });
  EXPECT_EQ(read(from_hex(vector.at("hex").get<std::string>())), session_key);
}

NullableBytes nullable_hex(const Json& hex) {
  return hex.is_null() ? std::nullopt : NullableBytes(from_hex(hex.get<std::string>()));
}

void check_key_range(const Json& vector) {
  static const std::map<std::string, KeySchema> kSchemas = {{"window", KeySchema::kWindow},
                                                            {"session", KeySchema::kSession},
                                                            {"tf-window", KeySchema::kTimeFirstWindow},
                                                            {"tf-session", KeySchema::kTimeFirstSession},
                                                            {"kf-window", KeySchema::kKeyFirstWindow},
                                                            {"kf-session", KeySchema::kKeyFirstSession}};
  const Json& in = vector.at("in");
  const KeySchema schema = kSchemas.at(in.at("schema"));
  const NullableBytes key = nullable_hex(in.at("key_hex"));
  const Timestamp from = time_of(in.at("from"));
  const Timestamp to = time_of(in.at("to"));
  EXPECT_EQ(key_range(schema, key, from, to),
            (KeyRange{nullable_hex(vector.at("lowerRange")), nullable_hex(vector.at("upperRange"))}));
  EXPECT_EQ(fixed_size_key_range(schema, key, from, to),
            (KeyRange{nullable_hex(vector.at("lowerRangeFixedSize")), nullable_hex(vector.at("upperRangeFixedSize"))}));
}

void check_outer_join_key(const Json& vector) {
  const std::string key = text_of(vector, "key");
  const JoinSide side = vector.at("in").at("left").get<bool>() ? JoinSide::kLeft : JoinSide::kRight;
  const OuterJoinKey join_key{time_of(vector.at("in").at("timestamp")), side, key};
  expect_appends(vector, [&](Bytes& out) { append_outer_join_key(join_key, out); });
  EXPECT_EQ(read_outer_join_key(from_hex(vector.at("hex").get<std::string>())), join_key);
}

void check_outer_join_value(const Json& vector) {
  Bytes value;
  if (vector.at("in").contains("value_int")) {
    append_big_endian(vector.at("in").at("value_int").get<std::int32_t>(), value);
  } else {
    value = text_of(vector, "value");
  }
  const OuterJoinValue join_value{text_of(vector, "side") == "left" ? JoinSide::kLeft : JoinSide::kRight, value};
  expect_appends(vector, [&](Bytes& out) { append_outer_join_value(join_value, out); });
  EXPECT_EQ(read_outer_join_value(from_hex(vector.at("hex").get<std::string>())), join_value);
}

void check_list_value(const Json& vector) {
  std::vector<Bytes> values;
  for (const Json& hex : vector.at("in").at("values_hex")) values.push_back(from_hex(hex));
  const std::vector<BytesView> views(values.begin(), values.end());
  expect_appends(vector, [&](Bytes& out) { append_list_value(views, out); });
  const Bytes bytes = from_hex(vector.at("hex").get<std::string>());
  EXPECT_EQ(read_list_value(bytes), views);
}

// "x*64" stands for 64 times x.
std::optional<std::string> change_text(const Json& json) {
  if (json.is_null()) return std::nullopt;
  const std::string text = json;
  if (text.starts_with("x*")) return std::string(std::stoul(text.substr(2)), 'x');
  return text;
}

Change<std::string> change_of(const Json& json) {
  return {.before = change_text(json.at("old")), .after = change_text(json.at("new"))};
}

void check_change(const Json& vector) {
  const Change<std::string> change = change_of(vector.at("in"));
  const Serde<Change<std::string>> serde = change_serde<std::string>();
  expect_encodes(serde, change, vector);
  EXPECT_EQ(serde.decode(from_hex(vector.at("hex").get<std::string>())), change);
}

void check_change_decode(const Json& vector) {
  EXPECT_EQ(change_serde<std::string>().decode(from_hex(vector.at("hex").get<std::string>())), change_of(vector));
}

void check_change_error(const Json& vector) {
  Bytes out;
  if (text_of(vector, "case") == "both null") {
    EXPECT_THROW(change_serde<std::string>().encode({}, out), SerdeError);
    return;
  }
  ASSERT_EQ(text_of(vector, "case"), "upgrade.from=3.4 with both values");
  const OlderFormats formats = older_formats({{"upgrade.from", "3.4"}});
  EXPECT_THROW(change_serde<std::string>({}, formats).encode({.before = "o", .after = "n"}, out), SerdeError);
}

// [] or "[(h1,v1),(h2,null)]".
Headers headers_of(const Json& json) {
  if (json.empty() || json.is_array()) return {};
  EXPECT_EQ(json, "[(h1,v1),(h2,null)]");
  return {{"h1", "v1"}, {"h2", std::nullopt}};
}

StoredContext context_of(const Json& in) {
  return {.timestamp = time_of(in.at("timestamp")),
          .offset = in.at("offset"),
          .source = {in.at("topic"), in.at("partition")},
          .headers = headers_of(in.at("headers"))};
}

void check_record_context(const Json& vector) {
  const StoredContext context = context_of(vector.at("in"));
  expect_appends(vector, [&](Bytes& out) { append_record_context(context.view(), out); });
  const Bytes bytes = from_hex(vector.at("hex").get<std::string>());
  const StoredContext back = read_record_context(bytes);
  EXPECT_EQ(back.timestamp, context.timestamp);
  EXPECT_EQ(back.offset, context.offset);
  EXPECT_EQ(back.source, context.source);
  EXPECT_EQ(back.headers, context.headers);
}

// What the vectors refer to as suppress/context/01 and /02.
StoredContext context_named(const std::string& id) {
  if (id.ends_with("01")) return {.timestamp = time_of(1000), .offset = 42, .source = {"topic", 3}};
  return {
      .timestamp = kNoTimestamp, .offset = 0, .source = {"\u00e9", 0}, .headers = headers_of("[(h1,v1),(h2,null)]")};
}

void check_buffered_change(const Json& vector) {
  const auto nullable = [&](const char* name) -> NullableBytes {
    const Json& value = vector.at("in").at(name);
    return value.is_null() ? NullableBytes() : NullableBytes(value.get<std::string>());
  };
  const NullableBytes prior = nullable("prior");
  const NullableBytes before = nullable("old");
  const NullableBytes after = nullable("new");
  const StoredContext context = context_named(vector.at("in").at("context"));
  const auto view = [](const NullableBytes& bytes) { return bytes ? NullableView(*bytes) : NullableView(); };
  const BufferedChange change = {.prior = view(prior),
                                 .before = view(before),
                                 .after = view(after),
                                 .time = time_of(vector.at("in").at("bufferTime"))};
  expect_appends(vector, [&](Bytes& out) { append_buffered_change(context.view(), change, out); });
  const Bytes bytes = from_hex(vector.at("hex").get<std::string>());
  const BufferedChange back = read_buffered_change(bytes);
  EXPECT_EQ(back.prior, change.prior);
  EXPECT_EQ(back.before, change.before);
  EXPECT_EQ(back.after, change.after);
  EXPECT_EQ(back.time, change.time);
}

}  // namespace

VectorChecks windowed_checks() {
  return {{"windowed/time", check_time_windowed},
          {"windowed/session", check_session_windowed},
          {"windowed/time-deser", check_time_windowed_decode},
          {"windowed-partition", check_windowed_partition}};
}

VectorChecks store_checks() {
  return {
      {"store/value-and-timestamp", check_value_and_timestamp},
      {"store/window-key", check_window_key<append_window_key, read_window_key>},
      {"store/window-key-time-first", check_window_key<append_time_first_window_key, read_time_first_window_key>},
      {"store/window-key-key-first", check_window_key<append_key_first_window_key, read_key_first_window_key>},
      {"store/session-key", check_session_key<append_session_key, read_session_key>},
      {"store/session-key-time-first", check_session_key<append_time_first_session_key, read_time_first_session_key>},
      {"store/session-key-key-first", check_session_key<append_key_first_session_key, read_key_first_session_key>},
      {"store/key-range", check_key_range},
      {"store/outer-join-key", check_outer_join_key},
      {"store/outer-join-value", check_outer_join_value},
      {"store/list-value", check_list_value},
      {"suppress/context", check_record_context},
      {"suppress/value-v3", check_buffered_change},
      {"repartition/change", check_change},
      {"repartition/change-deser", check_change_decode},
      {"repartition/change-error", check_change_error}};
}

}  // namespace levada
