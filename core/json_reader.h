// Reads one JSON value, and what is inside it, in the order of the text. What JsonTraits<T>::read is given.
//
//   read_json_text(R"({"x": 1, "y": [2, 3]})", [&](JsonReader& reader) {
//     reader.read_object([&](std::string_view name, JsonReader& value) {
//       if (name == "x") x = value.read_int64();                  // what is not read is skipped
//     });
//   });
//
// Every value is read at most once, inside the call that was given its reader. A value of another type than asked for,
// and text that is not JSON, throw a SerdeError that begins with the path: "items[2].price: expected number, found
// true". What is skipped is not looked at closely: it may hold a malformed number. UTF-8 and strings are checked
// everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <absl/functional/function_ref.h>

#include <levada/core/bytes.h>

namespace levada {

class JsonReader;

namespace internal {
class JsonTokens;
struct JsonFieldTable;
void read_json_fields(JsonReader& reader, const JsonFieldTable& table, void* object);
}  // namespace internal

class JsonReader {
 public:
  using FieldVisitor = absl::FunctionRef<void(std::string_view name, JsonReader& value)>;
  using ElementVisitor = absl::FunctionRef<void(JsonReader& value)>;

  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  // Whether the value is null. If it is not, it can still be read.
  bool read_null();
  bool read_bool();
  std::int64_t read_int64();
  std::uint64_t read_uint64();
  double read_double();
  // Valid until the whole text has been read.
  std::string_view read_string();
  // Calls the visitor for each field in the order of the text, repeated names included.
  void read_object(FieldVisitor visit);
  void read_array(ElementVisitor visit);

  // Throws a SerdeError: this value's path, then the problem.
  [[noreturn]] void fail(std::string_view problem) const;
  // The same about a field that this object should have had.
  [[noreturn]] void fail_missing(std::string_view name) const;
  // The same about the value's text: "expected …, found …".
  [[noreturn]] void fail_expected(std::string_view what) const;

 private:
  friend void read_json_text(BytesView text, ElementVisitor read);
  friend void internal::read_json_fields(JsonReader& reader, const internal::JsonFieldTable& table, void* object);

  explicit JsonReader(internal::JsonTokens& tokens);
  JsonReader(const JsonReader& parent, std::string_view name, std::size_t index);

  using Place = const std::uint32_t*;

  template <class Visit>
  void visit_fields(const Visit& visit);
  template <class Read>
  Place read_inside(Place place, std::string_view name, std::size_t index, const Read& read);
  Place behind_value(Place place) const;
  void read_fields(const internal::JsonFieldTable& table, void* object);
  std::string_view unescaped(BytesView written);
  std::string_view unescape(BytesView written);
  [[noreturn]] void fail_broken(std::string_view problem) const;
  std::string found() const;
  std::string path() const;
  void check_depth() const;

  internal::JsonTokens& tokens_;
  Place place_;  // where the value begins
  const JsonReader* parent_ = nullptr;
  std::string_view name_ = {};  // of the field this is; empty data pointer for an element of an array
  std::size_t index_ = 0;
  int depth_ = 0;
};

// Parses a text that is one JSON value and passes that to `read`. Throws SerdeError.
void read_json_text(BytesView text, JsonReader::ElementVisitor read);

}  // namespace levada
