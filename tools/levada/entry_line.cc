#include "tools/levada/entry_line.h"

#include <fmt/format.h>

#include <levada/core/serde_traits.h>

namespace levada {
namespace {

// Text if it is text, else its bytes.
std::string header_value(const NullableBytes& value) {
  if (!value) return "null";
  try {
    return json_string(*value);
  } catch (const SerdeError&) {
    return json_string(hexadecimal(*value));
  }
}

std::string headers_json(const Headers& headers) {
  std::string json;
  for (const auto& header : headers) {
    json += fmt::format(R"({}{{"key":{},"value":{}}})", json.empty() ? "" : ",", json_string(header.key),
                        header_value(header.value));
  }
  return "[" + json + "]";
}

}  // namespace

std::string EntryLine::text(const std::string& task, const StoredEntry& entry) const {
  std::string line = fmt::format(R"({{"task":{},"key":{})", json_string(task), key_.json(entry.key));
  const auto add = [&line](const char* name, const std::string& json) {
    line += fmt::format(R"(,"{}":{})", name, json);
  };
  if (entry.start) add("start", json_time(*entry.start));
  if (entry.end) add("end", json_time(*entry.end));
  if (entry.start && !entry.end && window_size_) add("end", json_time(*entry.start + *window_size_));
  if (entry.number) add("number", std::to_string(*entry.number));
  if (entry.timestamp) add("timestamp", json_time(*entry.timestamp));
  if (!entry.headers.empty()) add("headers", headers_json(entry.headers));
  add("value", value_.json(entry.value));
  return line + "}";
}

}  // namespace levada
