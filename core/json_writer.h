// Writes one JSON value, compact, at the end of a string. What JsonTraits<T>::write is given.
//
//   JsonWriter writer(out);
//   writer.begin_object();
//   writer.key("x");
//   writer.number(std::int64_t{1});
//   writer.end_object();                     // {"x":1}
//
// The caller writes values where JSON has them; commas and colons come by themselves. Throws SerdeError for what JSON
// cannot say: NaN, infinity, text that is not UTF-8. The message begins with the last key.
#pragma once

#include <cstdint>
#include <string_view>

#include <levada/core/bytes.h>

namespace levada {

class JsonWriter {
 public:
  explicit JsonWriter(Bytes& out) : out_(out) {}

  void null();
  void boolean(bool value);
  void number(std::int64_t value);
  void number(std::uint64_t value);
  void number(double value);  // the shortest text that reads back as the same number
  void number(float value);
  void string(std::string_view value);

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }

  // The name of the value that comes next. Must live until the next key.
  void key(std::string_view name);

 private:
  void separate();
  void open(char bracket);
  void close(char bracket);
  void quote(std::string_view text);
  void append_text(std::string_view text);
  void append_escaped(char c);
  template <class Number>
  void append_number(Number value);
  [[noreturn]] void fail(std::string_view problem) const;

  Bytes& out_;
  std::string_view key_;
  bool needs_comma_ = false;
};

}  // namespace levada
