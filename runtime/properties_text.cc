#include <charconv>
#include <cstdint>
#include <utility>

#include <levada/runtime/properties_text.h>

namespace levada::internal {

namespace {

constexpr std::string_view kBlank = " \t\f";

std::string_view skip_blanks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlank);
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

bool continues(std::string_view line) {
  const std::size_t last = line.find_last_not_of('\\');
  const std::size_t backslashes = line.size() - (last == std::string_view::npos ? 0 : last + 1);
  return backslashes % 2 == 1;
}

// Where the key ends: at the first separator without a backslash in front.
std::size_t key_end(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '=' || line[i] == ':' || kBlank.find(line[i]) != std::string_view::npos) {
      return i;
    }
  }
  return line.size();
}

std::string_view after_separator(std::string_view rest) {
  rest = skip_blanks(rest);
  if (!rest.empty() && (rest[0] == '=' || rest[0] == ':')) rest = skip_blanks(rest.substr(1));
  return rest;
}

void append_utf8(std::uint32_t code, std::string& out) {
  const auto push = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    push(code);
  } else if (code < 0x800) {
    push(0xC0 | (code >> 6));
    push(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    push(0xE0 | (code >> 12));
    push(0x80 | ((code >> 6) & 0x3F));
    push(0x80 | (code & 0x3F));
  } else {
    push(0xF0 | (code >> 18));
    push(0x80 | ((code >> 12) & 0x3F));
    push(0x80 | ((code >> 6) & 0x3F));
    push(0x80 | (code & 0x3F));
  }
}

// The UTF-16 unit of four hexadecimal digits at the front, which are taken.
std::optional<std::uint32_t> take_unit(std::string_view& text) {
  std::uint32_t unit = 0;
  if (text.size() < 4) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 4, unit, 16);
  if (error != std::errc{} || end != text.data() + 4) return std::nullopt;
  text.remove_prefix(4);
  return unit;
}

bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// What follows "\u"; two of them are needed for a character beyond the first 65,536.
std::optional<std::uint32_t> take_code_point(std::string_view& text) {
  const std::optional<std::uint32_t> high = take_unit(text);
  if (!high || is_low_surrogate(*high)) return std::nullopt;
  if (!is_high_surrogate(*high)) return high;
  if (!text.starts_with("\\u")) return std::nullopt;
  text.remove_prefix(2);
  const std::optional<std::uint32_t> low = take_unit(text);
  if (!low || !is_low_surrogate(*low)) return std::nullopt;
  return 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00);
}

char escaped(char c) {
  switch (c) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'f':
      return '\f';
    default:
      return c;
  }
}

}  // namespace

std::optional<std::string_view> PropertiesText::next_line() {
  if (rest_.empty()) return std::nullopt;
  ++line_;
  const std::size_t end = rest_.find_first_of("\r\n");
  const std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(line.size());
  rest_.remove_prefix(rest_.starts_with("\r\n") ? 2 : rest_.empty() ? 0 : 1);
  return line;
}

std::string PropertiesText::logical_line(std::string_view first) {
  std::string whole;
  std::string_view line = first;
  while (continues(line)) {
    whole += line.substr(0, line.size() - 1);
    const std::optional<std::string_view> more = next_line();
    if (!more) return whole;
    line = skip_blanks(*more);
  }
  whole += line;
  return whole;
}

std::string PropertiesText::unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char c = text[0];
    text.remove_prefix(1);
    if (c != '\\') {
      out += c;
    } else if (text.starts_with('u')) {
      text.remove_prefix(1);
      const std::optional<std::uint32_t> code = take_code_point(text);
      if (code) append_utf8(*code, out);
      if (!code) error_ = "\\u is not followed by four hexadecimal digits of a character";
    } else if (!text.empty()) {
      out += escaped(text[0]);
      text.remove_prefix(1);
    }
  }
  return out;
}

std::optional<Property> PropertiesText::next() {
  while (const std::optional<std::string_view> raw = next_line()) {
    const std::string_view first = skip_blanks(*raw);
    if (first.empty() || first[0] == '#' || first[0] == '!') continue;
    const std::size_t line = line_;
    const std::string whole = logical_line(first);
    const std::size_t end = key_end(whole);
    Property property = {.key = unescape(std::string_view(whole).substr(0, end)),
                         .value = unescape(after_separator(std::string_view(whole).substr(end))),
                         .line = line};
    if (!error_.empty()) return std::nullopt;
    return property;
  }
  return std::nullopt;
}

}  // namespace levada::internal
