#include <cmath>
#include <cstddef>
#include <type_traits>

#include <fmt/format.h>

#include <levada/core/log_text.h>
#include <levada/core/text.h>

namespace levada {

namespace {

bool is_plain(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c > '~' || c == '"' || c == '=' || c == '\\') return false;
  }
  return !text.empty();
}

// The length of the valid UTF-8 sequence at the front, 0 if there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) > 0x9F;
  const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

void append_json_character(unsigned char c, std::string& out) {
  if (c == '"' || c == '\\') {
    out += '\\';
    out += static_cast<char>(c);
  } else if (c < 0x20) {
    out += fmt::format("\\u{:04x}", c);
  } else {
    out += static_cast<char>(c);
  }
}

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 1) {
      append_json_character(static_cast<unsigned char>(text[0]), out);
    } else {
      out += length == 0 ? std::string_view("\\ufffd") : text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void append_text_string(std::string_view text, std::string& out) {
  if (is_plain(text)) {
    out += text;
  } else {
    out += internal::quote(text);
  }
}

template <typename T, typename AppendString>
void append_value(const T& value, std::string& out, AppendString append_string) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    append_string(value, out);
  } else if constexpr (std::is_same_v<T, double>) {
    // JSON has no infinities and no NaN.
    if (std::isfinite(value)) {
      out += fmt::format("{}", value);
    } else {
      append_string(fmt::format("{}", value), out);
    }
  } else {
    out += fmt::format("{}", value);
  }
}

}  // namespace

void append_log_text(const LogEvent& event, std::string& out) {
  out += internal::escape_controls(event.message);
  for (const LogField& field : event.fields) {
    out += fmt::format(" {}=", field.name);
    std::visit([&out](const auto& value) { append_value(value, out, append_text_string); }, field.value.variant());
  }
}

void append_log_json_members(const LogEvent& event, std::string& out) {
  out += fmt::format(R"("level":"{}","message":)", log_level_name(event.level));
  append_json_string(event.message, out);
  for (const LogField& field : event.fields) {
    out += ',';
    append_json_string(field.name, out);
    out += ':';
    std::visit([&out](const auto& value) { append_value(value, out, append_json_string); }, field.value.variant());
  }
}

}  // namespace levada
