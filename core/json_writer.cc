#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>

#include <fmt/compile.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <levada/core/json_writer.h>
#include <levada/core/serde_traits.h>

namespace levada {
namespace {

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

constexpr std::uint64_t in_each_byte(unsigned char byte) { return 0x0101010101010101u * byte; }

// Whether none of eight bytes needs an escape or belongs to a longer character. A subtraction sets the highest bit of
// bytes below what is subtracted; a borrow from one byte into the next can only make a plain word look like another.
bool is_plain_word(std::uint64_t word) {
  const std::uint64_t controls = word - in_each_byte(0x20);
  const std::uint64_t quotes = (word ^ in_each_byte('"')) - in_each_byte(1);
  const std::uint64_t backslashes = (word ^ in_each_byte('\\')) - in_each_byte(1);
  return ((word | controls | quotes | backslashes) & in_each_byte(0x80)) == 0;
}

template <class Word>
std::uint64_t word_at(const char* text) {
  Word word;
  std::memcpy(&word, text, sizeof(word));
  return word;
}

// Most text is plain, and is then copied whole. A "no" may be wrong, a "yes" never is. The last word begins as early as
// need be to be a whole one.
bool is_plain(std::string_view text) {
  const std::size_t size = text.size();
  if (size >= sizeof(std::uint64_t)) {
    const char* last = text.data() + size - sizeof(std::uint64_t);
    for (const char* at = text.data(); at < last; at += sizeof(std::uint64_t)) {
      if (!is_plain_word(word_at<std::uint64_t>(at))) return false;
    }
    return is_plain_word(word_at<std::uint64_t>(last));
  }
  if (size >= sizeof(std::uint32_t)) {
    const char* last = text.data() + size - sizeof(std::uint32_t);
    return is_plain_word(word_at<std::uint32_t>(text.data()) << 32 | word_at<std::uint32_t>(last));
  }
  return std::none_of(text.begin(), text.end(), [](char c) { return needs_escape(c) || (c & 0x80) != 0; });
}

}  // namespace

void JsonWriter::null() {
  separate();
  out_ += "null";
}

void JsonWriter::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
}

void JsonWriter::number(std::int64_t value) { append_number(value); }

void JsonWriter::number(std::uint64_t value) { append_number(value); }

void JsonWriter::number(double value) {
  if (!std::isfinite(value)) fail("NaN and infinity have no JSON form");
  append_number(value);
}

void JsonWriter::number(float value) {
  if (!std::isfinite(value)) fail("NaN and infinity have no JSON form");
  append_number(value);
}

void JsonWriter::string(std::string_view value) {
  separate();
  quote(value);
}

void JsonWriter::key(std::string_view name) {
  separate();
  key_ = name;
  quote(name);
  out_ += ':';
  needs_comma_ = false;
}

void JsonWriter::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  needs_comma_ = false;
}

void JsonWriter::close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
}

void JsonWriter::quote(std::string_view text) {
  out_ += '"';
  if (is_plain(text)) {
    out_ += text;
  } else {
    append_text(text);
  }
  out_ += '"';
}

void JsonWriter::append_text(std::string_view text) {
  if (!simdjson::validate_utf8(text.data(), text.size())) fail("the text is not UTF-8");
  std::size_t written = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    out_.append(text, written, i - written);
    append_escaped(text[i]);
    written = i + 1;
  }
  out_.append(text, written);
}

void JsonWriter::append_escaped(char c) {
  switch (c) {
    case '"':
      out_ += "\\\"";
      return;
    case '\\':
      out_ += "\\\\";
      return;
    case '\n':
      out_ += "\\n";
      return;
    case '\r':
      out_ += "\\r";
      return;
    case '\t':
      out_ += "\\t";
      return;
    default:
      fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

template <class Number>
void JsonWriter::append_number(Number value) {
  separate();
  char digits[32];
  const char* end = fmt::format_to(digits, FMT_COMPILE("{}"), value);
  out_.append(digits, static_cast<std::size_t>(end - digits));
}

void JsonWriter::fail(std::string_view problem) const {
  throw SerdeError(key_.empty() ? std::string(problem) : fmt::format("{}: {}", key_, problem));
}

}  // namespace levada
