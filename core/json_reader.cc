#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include <absl/base/config.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <levada/core/json_reader.h>
#include <levada/core/serde_traits.h>

namespace levada {

namespace ondemand = simdjson::ondemand;

// The root of a text is a document to simdjson and everything inside is a value; they have the same methods.
struct JsonReader::Cursor {
  ondemand::document* document = nullptr;
  ondemand::value* value = nullptr;

  template <class Method>
  auto call(Method method) {
    return document != nullptr ? method(*document) : method(*value);
  }
};

namespace {

constexpr int kMaxDepth = 256;
constexpr std::size_t kMostTextInMessage = 40;
constexpr std::size_t kMostKept = 1 << 20;

// simdjson reads some bytes beyond a text, whatever they are. Where they stand on the page of its last byte they can be
// read for certain, which spares nearly every text a copy; sanitizers, rightly, think little of it.
bool has_room_behind([[maybe_unused]] BytesView text) {
#if defined(ABSL_HAVE_ADDRESS_SANITIZER) || defined(ABSL_HAVE_THREAD_SANITIZER)
  return false;
#else
  constexpr std::uintptr_t kPage = 4096;
  const std::uintptr_t behind = (reinterpret_cast<std::uintptr_t>(text.data()) + text.size()) % kPage;
  return behind != 0 && behind + simdjson::SIMDJSON_PADDING <= kPage;
#endif
}

// What parsing needs and can use again.
struct Workspace {
  ondemand::parser parser;
  std::vector<char> padded;
  bool busy = false;

  ondemand::document parse(BytesView text) {
    const char* readable = has_room_behind(text) ? text.data() : padded_copy(text);
    ondemand::document document;
    const auto error = parser.iterate(readable, text.size(), text.size() + simdjson::SIMDJSON_PADDING).get(document);
    if (error) throw SerdeError(fmt::format("not JSON: {}", simdjson::error_message(error)));
    return document;
  }

 private:
  const char* padded_copy(BytesView text) {
    if (padded.size() < text.size() + simdjson::SIMDJSON_PADDING) {
      padded.resize(2 * text.size() + simdjson::SIMDJSON_PADDING);
    }
    std::memcpy(padded.data(), text.data(), text.size());
    return padded.data();
  }
};

// Held for the length of one parse.
class Lease {
 public:
  explicit Lease(Workspace& workspace) : workspace_(workspace) { workspace_.busy = true; }
  ~Lease() { workspace_.busy = false; }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

 private:
  Workspace& workspace_;
};

bool is_broken_syntax(simdjson::error_code error) {
  return error == simdjson::TAPE_ERROR || error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT ||
         error == simdjson::STRING_ERROR;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  return text.substr(0, end + 1);
}

std::string shortened(std::string_view text) {
  if (text.size() <= kMostTextInMessage) return std::string(text);
  std::size_t end = kMostTextInMessage;
  while (end > 0 && (text[end] & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

[[noreturn]] void fail(JsonReader& reader, simdjson::error_code error, std::string_view expected) {
  if (is_broken_syntax(error)) reader.fail(fmt::format("not JSON: {}", simdjson::error_message(error)));
  reader.fail_expected(expected);
}

// The value, or an error about why there is none.
template <class T>
T value_or_fail(JsonReader& reader, simdjson::simdjson_result<T> result, std::string_view expected) {
  T value;
  const auto error = std::move(result).get(value);
  if (error) [[unlikely]]
    fail(reader, error, expected);
  return value;
}

// The same where it stands: to copy a field out of its result was a seventh of the time to read an order event.
template <class T>
T& part_or_fail(JsonReader& reader, simdjson::simdjson_result<T>& result, std::string_view expected) {
  if (result.error()) [[unlikely]]
    fail(reader, result.error(), expected);
  T&& part = std::move(result).value_unsafe();
  return part;
}

// Of a part of a text that is parsed, so that at least 16 bytes can be read: a call, or a loop over a name, costs more
// than to look at two words.
bool has_escapes(std::string_view text) {
  constexpr std::size_t kShort = 16;
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  constexpr std::uint64_t kEscapes = '\\' * kOnes;
  if (text.size() > kShort) return std::memchr(text.data(), '\\', text.size()) != nullptr;
  std::array<std::uint64_t, 2> words;
  std::memcpy(words.data(), text.data(), sizeof(words));
  // The lowest bit set is of the first escape, whatever stands above it.
  const auto first_escape = [](std::uint64_t word) {
    const std::uint64_t zero_if_equal = word ^ kEscapes;
    const std::uint64_t found = (zero_if_equal - kOnes) & ~zero_if_equal & (0x80 * kOnes);
    return static_cast<std::size_t>(std::countr_zero(found)) / 8;
  };
  const std::size_t in_first = first_escape(words[0]);
  return (in_first < 8 ? in_first : 8 + first_escape(words[1])) < text.size();
}

// Most strings have no escapes, and can be shown where they stand. simdjson has checked all else about them.
std::optional<std::string_view> if_plain(std::string_view text) {
  if (has_escapes(text)) return std::nullopt;
  return text;
}

// `token` begins with a quote; white space may follow the other one.
std::optional<std::string_view> plain_string(std::string_view token) {
  return if_plain(token.substr(1, token.rfind('"') - 1));
}

// `key` begins behind its quote; nothing but a colon and white space stands between its other quote and the value.
std::optional<std::string_view> plain_key(const char* key, const char* value) {
  const char* quote = value - 1;
  while (*quote != '"') --quote;
  return if_plain({key, static_cast<std::size_t>(quote - key)});
}

template <class Word>
bool same_word(const char* a, const char* b) {
  Word first, second;
  std::memcpy(&first, a, sizeof(Word));
  std::memcpy(&second, b, sizeof(Word));
  return first == second;
}

// Words from both ends, which may overlap: a call costs more than to compare a name.
bool same_text(const char* a, const char* b, std::size_t size) {
  const auto ends = [&]<class Word>(Word) {
    const std::size_t last = size - sizeof(Word);
    return same_word<Word>(a, b) && same_word<Word>(a + last, b + last);
  };
  if (size > 2 * sizeof(std::uint64_t)) return std::memcmp(a, b, size) == 0;
  if (size >= sizeof(std::uint64_t)) return ends(std::uint64_t());
  if (size >= sizeof(std::uint32_t)) return ends(std::uint32_t());
  return std::memcmp(a, b, size) == 0;
}

// Finds the names of fields among those that are wanted, beginning behind the last one found.
class FieldNames {
 public:
  explicit FieldNames(absl::Span<const std::string_view> names) : names_(names) {}

  // `text` begins behind the quote of a name, and ends where its value begins. Returns names.size() if it is none.
  std::size_t find_written(std::string_view text) {
    return find([text](std::string_view name) {
      return name.size() < text.size() && text[name.size()] == '"' && same_text(text.data(), name.data(), name.size());
    });
  }
  std::size_t find(std::string_view text) {
    return find([text](std::string_view name) { return name == text; });
  }
  std::size_t size() const { return names_.size(); }

 private:
  template <class Matches>
  std::size_t find(Matches matches) {
    for (std::size_t i = expected_; i < names_.size(); ++i) {
      if (matches(names_[i])) return found(i);
    }
    for (std::size_t i = 0; i < expected_; ++i) {
      if (matches(names_[i])) return found(i);
    }
    return names_.size();
  }
  std::size_t found(std::size_t i) {
    expected_ = i + 1;
    return i;
  }

  absl::Span<const std::string_view> names_;
  std::size_t expected_ = 0;
};

void expect_end(ondemand::document& document) {
  const char* rest = nullptr;
  if (document.current_location().get(rest)) return;
  throw SerdeError("not JSON: there is more text after the value");
}

}  // namespace

bool JsonReader::read_null() {
  return value_or_fail(*this, cursor_.call([](auto& value) { return value.is_null(); }), "null");
}

bool JsonReader::read_bool() {
  return value_or_fail(*this, cursor_.call([](auto& value) { return value.get_bool(); }), "true or false");
}

std::int64_t JsonReader::read_int64() {
  return value_or_fail(*this, cursor_.call([](auto& value) { return value.get_int64(); }), "integer");
}

std::uint64_t JsonReader::read_uint64() {
  return value_or_fail(*this, cursor_.call([](auto& value) { return value.get_uint64(); }), "integer of at least 0");
}

double JsonReader::read_double() {
  return value_or_fail(*this, cursor_.call([](auto& value) { return value.get_double(); }), "number");
}

std::string_view JsonReader::read_string() {
  if (cursor_.document == nullptr) {
    const std::string_view token = cursor_.value->raw_json_token();
    const auto plain = token.starts_with('"') ? plain_string(token) : std::nullopt;
    if (plain && !cursor_.value->get_raw_json_string().error()) return *plain;
  }
  return value_or_fail(*this, cursor_.call([](auto& value) { return value.get_string(); }), "string");
}

void JsonReader::read_object(FieldVisitor visit) {
  check_depth();
  ondemand::object object =
      value_or_fail(*this, cursor_.call([](auto& value) { return value.get_object(); }), "object");
  for (simdjson::simdjson_result<ondemand::field> found : object) {
    ondemand::field& field = part_or_fail(*this, found, "field");
    const auto plain = plain_key(field.key().raw(), field.value().raw_json_token().data());
    const std::string_view name = plain ? *plain : value_or_fail(*this, field.unescaped_key(), "field");
    Cursor cursor{.value = &field.value()};
    JsonReader value(cursor, *this, name, 0);
    visit(name, value);
  }
}

void JsonReader::read_object(absl::Span<const std::string_view> names, NamedFieldVisitor visit) {
  check_depth();
  ondemand::object object =
      value_or_fail(*this, cursor_.call([](auto& value) { return value.get_object(); }), "object");
  FieldNames wanted(names);
  for (simdjson::simdjson_result<ondemand::field> found : object) {
    ondemand::field& field = part_or_fail(*this, found, "field");
    const char* key = field.key().raw();
    const std::string_view written(key, static_cast<std::size_t>(field.value().raw_json_token().data() - key));
    std::size_t index = wanted.find_written(written);
    if (index == wanted.size()) {
      if (!has_escapes(written)) continue;
      index = wanted.find(value_or_fail(*this, field.unescaped_key(), "field"));
      if (index == wanted.size()) continue;
    }
    Cursor cursor{.value = &field.value()};
    JsonReader value(cursor, *this, names[index], 0);
    visit(index, value);
  }
}

void JsonReader::read_array(ElementVisitor visit) {
  check_depth();
  ondemand::array array = value_or_fail(*this, cursor_.call([](auto& value) { return value.get_array(); }), "array");
  std::size_t index = 0;
  for (simdjson::simdjson_result<ondemand::value> found : array) {
    Cursor cursor{.value = &part_or_fail(*this, found, "value")};
    JsonReader value(cursor, *this, {}, index++);
    visit(value);
  }
}

void JsonReader::fail(std::string_view problem) const {
  const std::string where = path();
  throw SerdeError(where.empty() ? std::string(problem) : fmt::format("{}: {}", where, problem));
}

void JsonReader::fail_missing(std::string_view name) const {
  const std::string where = path();
  throw SerdeError(fmt::format("{}{}{}: missing", where, where.empty() ? "" : ".", name));
}

void JsonReader::fail_expected(std::string_view what) { fail(fmt::format("expected {}, found {}", what, found())); }

std::string JsonReader::found() {
  ondemand::json_type type;
  if (cursor_.call([](auto& value) { return value.type(); }).get(type)) return "something else";
  if (type == ondemand::json_type::object) return "an object";
  if (type == ondemand::json_type::array) return "an array";
  std::string_view token;
  if (cursor_.document != nullptr) {
    if (cursor_.document->raw_json_token().get(token)) return "something else";
  } else {
    token = cursor_.value->raw_json_token();
  }
  return shortened(trimmed(token));
}

std::string JsonReader::path() const {
  if (parent_ == nullptr) return {};
  const std::string parent = parent_->path();
  if (name_.data() == nullptr) return fmt::format("{}[{}]", parent, index_);
  return fmt::format("{}{}{}", parent, parent.empty() ? "" : ".", name_);
}

void JsonReader::check_depth() const {
  if (depth_ >= kMaxDepth) fail(fmt::format("nested more than {} levels deep", kMaxDepth));
}

void read_json_text(BytesView text, JsonReader::ElementVisitor read) {
  const auto read_with = [text, read](Workspace& workspace) {
    const Lease lease(workspace);
    ondemand::document document = workspace.parse(text);
    JsonReader::Cursor cursor{.document = &document};
    JsonReader reader(cursor);
    read(reader);
    expect_end(document);
  };
  // One per thread: a parser allocates more than it takes to read a small text, and nothing of it outlives this call. A
  // reader that parses another text meanwhile, or a text too big to keep the memory for, gets a parser of its own.
  thread_local Workspace kept;
  if (!kept.busy && text.size() <= kMostKept) return read_with(kept);
  Workspace own;
  read_with(own);
}

}  // namespace levada
