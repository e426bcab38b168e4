// Serdes by name, for bytes whose types only the application knows.
//
//   LEVADA_ASSIGN_OR_RETURN(const NamedSerde key, NamedSerde::find("windowed:string"));
//   key.json(bytes)                    // {"key":"a","start":"2026-01-01T00:00:00.000Z"}
//   NamedSerde::find("int64")->bytes("7")
//
// Names: string, int16, int32, int64, float, double, bool, timestamp, bytes (shown and typed in hexadecimal), json
// (text that is JSON already), windowed:NAME and session-windowed:NAME for the windowed keys of topics.
#pragma once

#include <functional>
#include <string>

#include <absl/status/statusor.h>

#include <levada/core/bytes.h>
#include <levada/core/time.h>

namespace levada {

class NamedSerde {
 public:
  // kInvalidArgument, with the names there are.
  static absl::StatusOr<NamedSerde> find(const std::string& name);

  // As a JSON text on one line. Throws SerdeError.
  std::string json(BytesView bytes) const { return json_(bytes); }
  // Of what somebody typed. kInvalidArgument if it is none.
  absl::StatusOr<Bytes> bytes(const std::string& text) const { return bytes_(text); }

 private:
  using ToJson = std::function<std::string(BytesView)>;
  using ToBytes = std::function<absl::StatusOr<Bytes>(const std::string&)>;

  NamedSerde(ToJson json, ToBytes bytes) : json_(std::move(json)), bytes_(std::move(bytes)) {}

  template <class T>
  static NamedSerde of_json_type();
  static NamedSerde of_string();
  static NamedSerde of_bytes();
  static NamedSerde of_timestamp();
  static NamedSerde of_json_text();
  static NamedSerde of_windowed(const NamedSerde& key);
  static NamedSerde of_session_windowed(const NamedSerde& key);

  ToJson json_;
  ToBytes bytes_;
};

// A JSON string on one line. Throws SerdeError for what is not UTF-8.
std::string json_string(std::string_view text);
std::string json_time(Timestamp time);  // ISO 8601
std::string hexadecimal(BytesView bytes);

}  // namespace levada
