// The tokens of one JSON text, in their order: names, values and what stands between them. What JsonReader reads from.
//
//   JsonTokens tokens;
//   tokens.find(R"({"x": 1})");                       // throws SerdeError
//   tokens.first_of(tokens.place());                  // '{'
//   tokens.text_at(tokens.place() + 1);               // "\"x\""
//
// simdjson finds where they begin, in a first pass over the whole text that also checks UTF-8 and that strings are
// closed; numbers and escapes are simdjson's to read. The way from one token to the next is not: its On Demand, made to
// be used for any of them, took a quarter more time for an order event with three wanted fields of eight.
//
// May be used again for another text: its memory stays. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <levada/core/bytes.h>

namespace levada::internal {

class JsonTokens {
 public:
  using Place = const std::uint32_t*;

  JsonTokens();
  ~JsonTokens();
  JsonTokens(const JsonTokens&) = delete;
  JsonTokens& operator=(const JsonTokens&) = delete;

  // What was found before is forgotten. The text must live as long as anything is read of it.
  void find(BytesView text);

  // The token that is next. Places are in a row, so that `place + 1` is the next one, up to end().
  Place place() const { return next_; }
  Place end() const { return end_; }
  void go_to(Place token) { next_ = token; }
  const char* begin_of(Place token) const { return text_.data() + *token; }
  // Its first character, which tells what it is; 0 at the end.
  char first_of(Place token) const { return token == end_ ? '\0' : *begin_of(token); }
  // Up to the next one, without the white space between them; empty at the end.
  BytesView text_at(Place token) const {
    if (token == end_) [[unlikely]]
      return {};
    const char* end = token + 1 < end_ ? begin_of(token + 1) : text_.data() + text_.size();
    while (is_space(end[-1])) --end;
    return {begin_of(token), static_cast<std::size_t>(end - begin_of(token))};
  }
  // The place behind a value and all that is in it; null if none begins here, or if it has no end.
  Place behind_value(Place token) const {
    const char first = first_of(token);
    if (first == '"' || first == '-' || (first >= '0' && first <= '9')) [[likely]]
      return token + 1;
    return behind_other_value(token);
  }

  // The text has a backslash somewhere.
  bool may_escape() const { return may_escape_; }
  // Of a string with its quotes, as it stands in the text: what it says. Lives until the next text. Nothing if it is
  // broken.
  std::optional<BytesView> unescape(BytesView quoted);
  // Nothing if a number of another kind stands there, or none.
  std::optional<std::int64_t> to_int64(Place token) const;
  std::optional<std::uint64_t> to_uint64(Place token) const;
  std::optional<double> to_double(Place token) const;

 private:
  struct Parsers;

  static bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
  Place behind_other_value(Place token) const;
  template <class Number, class Parse>
  std::optional<Number> number(Place token, Parse parse) const;

  std::unique_ptr<Parsers> parsers_;
  std::vector<char> padded_ = {};  // a text that nothing may be read behind of
  BytesView text_ = {};
  Place next_ = nullptr;
  Place end_ = nullptr;
  bool may_escape_ = false;
  Bytes unescaped_ = {};
};

}  // namespace levada::internal
