#include "tools/levada/named_serde.h"

#include <string_view>
#include <vector>

#include <absl/strings/escaping.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <levada/core/iso8601.h>
#include <levada/core/json.h>
#include <levada/core/json_writer.h>
#include <levada/core/serdes/basic.h>
#include <levada/core/status_macros.h>
#include <levada/core/text.h>
#include <levada/core/window_key.h>

namespace levada {
namespace {

constexpr std::string_view kWindowed = "windowed:";
constexpr std::string_view kSessionWindowed = "session-windowed:";

std::string minified(BytesView text) {
  simdjson::dom::parser parser;
  std::string line(text.size(), '\0');
  std::size_t size = 0;
  auto error = parser.parse(text.data(), text.size()).error();
  if (!error) error = simdjson::minify(text.data(), text.size(), line.data(), size);
  if (error) throw SerdeError(fmt::format("no JSON: {}", simdjson::error_message(error)));
  line.resize(size);
  return line;
}

absl::Status not_to_be_typed(const std::string& text) {
  return absl::InvalidArgumentError(
      fmt::format("a windowed key cannot be typed ('{}'): give --key bytes, and its bytes in hexadecimal", text));
}

}  // namespace

std::string json_string(std::string_view text) {
  Bytes json;
  JsonWriter(json).string(text);
  return json;
}

std::string json_time(Timestamp time) { return json_string(format_iso8601(time)); }

std::string hexadecimal(BytesView bytes) { return absl::BytesToHexString({bytes.data(), bytes.size()}); }

template <class T>
NamedSerde NamedSerde::of_json_type() {
  return NamedSerde([](BytesView bytes) { return to_json(SerdeTraits<T>::decode(bytes)); },
                    [](const std::string& text) -> absl::StatusOr<Bytes> {
                      Bytes bytes;
                      try {
                        SerdeTraits<T>::encode(from_json<T>(text), bytes);
                      } catch (const SerdeError& error) {
                        return absl::InvalidArgumentError(fmt::format("'{}': {}", text, error.what()));
                      }
                      return bytes;
                    });
}

NamedSerde NamedSerde::of_string() {
  return NamedSerde([](BytesView bytes) { return json_string(bytes); },
                    [](const std::string& text) -> absl::StatusOr<Bytes> { return text; });
}

NamedSerde NamedSerde::of_bytes() {
  return NamedSerde([](BytesView bytes) { return json_string(hexadecimal(bytes)); },
                    [](const std::string& text) -> absl::StatusOr<Bytes> {
                      const Bytes bytes = absl::HexStringToBytes(text);
                      if (hexadecimal(bytes) == internal::to_lower(text)) return bytes;
                      return absl::InvalidArgumentError(fmt::format("'{}': no bytes such as 00ff7a", text));
                    });
}

NamedSerde NamedSerde::of_timestamp() {
  return NamedSerde([](BytesView bytes) { return json_time(SerdeTraits<Timestamp>::decode(bytes)); },
                    [](const std::string& text) -> absl::StatusOr<Bytes> {
                      const std::optional<Timestamp> time = parse_iso8601(text);
                      if (!time) {
                        return absl::InvalidArgumentError(fmt::format("'{}': no time such as 2026-01-31T12:30Z", text));
                      }
                      Bytes bytes;
                      SerdeTraits<Timestamp>::encode(*time, bytes);
                      return bytes;
                    });
}

NamedSerde NamedSerde::of_json_text() {
  return NamedSerde(minified, [](const std::string& text) -> absl::StatusOr<Bytes> { return text; });
}

NamedSerde NamedSerde::of_windowed(const NamedSerde& key) {
  return NamedSerde(
      [key](BytesView bytes) {
        constexpr std::size_t kStart = sizeof(std::int64_t);
        if (bytes.size() < kStart) throw SerdeError(fmt::format("windowed key: {} bytes are too few", bytes.size()));
        const std::size_t size = bytes.size() - kStart;
        const Timestamp start = SerdeTraits<Timestamp>::decode(bytes.substr(size));
        return fmt::format(R"({{"key":{},"start":{}}})", key.json(bytes.substr(0, size)), json_time(start));
      },
      not_to_be_typed);
}

NamedSerde NamedSerde::of_session_windowed(const NamedSerde& key) {
  return NamedSerde(
      [key](BytesView bytes) {
        const SessionKey session = read_session_key(bytes);
        return fmt::format(R"({{"key":{},"start":{},"end":{}}})", key.json(session.key),
                           json_time(session.window.start), json_time(session.window.end));
      },
      not_to_be_typed);
}

absl::StatusOr<NamedSerde> NamedSerde::find(const std::string& name) {
  const auto inner = [&](std::string_view prefix) { return find(name.substr(prefix.size())); };
  if (name.starts_with(kWindowed)) {
    LEVADA_ASSIGN_OR_RETURN(const NamedSerde key, inner(kWindowed));
    return of_windowed(key);
  }
  if (name.starts_with(kSessionWindowed)) {
    LEVADA_ASSIGN_OR_RETURN(const NamedSerde key, inner(kSessionWindowed));
    return of_session_windowed(key);
  }
  if (name == "string") return of_string();
  if (name == "int16") return of_json_type<std::int16_t>();
  if (name == "int32") return of_json_type<std::int32_t>();
  if (name == "int64") return of_json_type<std::int64_t>();
  if (name == "float") return of_json_type<float>();
  if (name == "double") return of_json_type<double>();
  if (name == "bool") return of_json_type<bool>();
  if (name == "timestamp") return of_timestamp();
  if (name == "bytes") return of_bytes();
  if (name == "json") return of_json_text();
  return absl::InvalidArgumentError(
      fmt::format("'{}' is no serde; there are string, int16, int32, int64, float, double, bool, timestamp, bytes, "
                  "json, windowed:NAME and session-windowed:NAME",
                  name));
}

}  // namespace levada
