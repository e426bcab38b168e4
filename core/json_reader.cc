#include <cstring>
#include <vector>

#include <fmt/format.h>

#include <levada/core/json_fields.h>
#include <levada/core/json_reader.h>
#include <levada/core/json_tokens.h>
#include <levada/core/serde_traits.h>

namespace levada {

namespace {

constexpr int kMaxDepth = 256;
constexpr std::size_t kMostTextInMessage = 40;
constexpr std::size_t kMostKept = 1 << 20;

// What reading needs and can use again.
struct Workspace {
  internal::JsonTokens tokens;
  bool busy = false;
};

// Held for the length of one text.
class Lease {
 public:
  explicit Lease(Workspace& workspace) : workspace_(workspace) { workspace_.busy = true; }
  ~Lease() { workspace_.busy = false; }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

 private:
  Workspace& workspace_;
};

std::string shortened(std::string_view text) {
  if (text.size() <= kMostTextInMessage) return std::string(text);
  std::size_t end = kMostTextInMessage;
  while (end > 0 && (text[end] & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
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

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && same_text(a.data(), b.data(), a.size());
}

// Finds the names of fields among those that are wanted, beginning behind the last one found.
class FieldNames {
 public:
  explicit FieldNames(absl::Span<const std::string_view> names)
      : begin_(names.data()), end_(names.data() + names.size()), expected_(begin_) {}

  // The number of names if it is none of them.
  std::size_t find(std::string_view name) {
    if (expected_ != end_ && same_name(*expected_, name)) return index_of(expected_++);
    const std::string_view* found = begin_;
    while (found != end_ && !same_name(*found, name)) ++found;
    if (found != end_) expected_ = found + 1;
    return index_of(found);
  }

 private:
  std::size_t index_of(const std::string_view* name) const { return static_cast<std::size_t>(name - begin_); }

  const std::string_view* begin_;
  const std::string_view* end_;
  const std::string_view* expected_;
};

// Which fields of a struct have been read. A bit for each: a vector of them shows in profiles.
class FoundFields {
 public:
  explicit FoundFields(std::size_t count) {
    if (count > kBits) [[unlikely]]
      more_.resize(count - kBits);
  }

  void add(std::size_t field) {
    if (field < kBits) {
      first_ |= bit(field);
    } else {
      more_[field - kBits] = true;
    }
  }
  bool has(std::size_t field) const { return field < kBits ? (first_ & bit(field)) != 0 : more_[field - kBits]; }

 private:
  static constexpr std::size_t kBits = 64;

  static std::uint64_t bit(std::size_t field) { return std::uint64_t{1} << field; }

  std::uint64_t first_ = 0;
  std::vector<bool> more_ = {};
};

}  // namespace

JsonReader::JsonReader(internal::JsonTokens& tokens) : tokens_(tokens), place_(tokens.place()) {}

JsonReader::JsonReader(const JsonReader& parent, std::string_view name, std::size_t index)
    : tokens_(parent.tokens_),
      place_(parent.tokens_.place()),
      parent_(&parent),
      name_(name),
      index_(index),
      depth_(parent.depth_ + 1) {}

bool JsonReader::read_null() {
  if (tokens_.first_of(place_) != 'n' || tokens_.text_at(place_) != "null") return false;
  tokens_.go_to(place_ + 1);
  return true;
}

bool JsonReader::read_bool() {
  const BytesView text = tokens_.text_at(place_);
  if (text != "true" && text != "false") fail_expected("true or false");
  tokens_.go_to(place_ + 1);
  return text == "true";
}

std::int64_t JsonReader::read_int64() {
  const auto number = tokens_.to_int64(place_);
  if (!number) fail_expected("integer");
  tokens_.go_to(place_ + 1);
  return *number;
}

std::uint64_t JsonReader::read_uint64() {
  const auto number = tokens_.to_uint64(place_);
  if (!number) fail_expected("integer of at least 0");
  tokens_.go_to(place_ + 1);
  return *number;
}

double JsonReader::read_double() {
  const auto number = tokens_.to_double(place_);
  if (!number) fail_expected("number");
  tokens_.go_to(place_ + 1);
  return *number;
}

std::string_view JsonReader::read_string() {
  if (tokens_.first_of(place_) != '"') fail_expected("string");
  const BytesView text = tokens_.text_at(place_);
  tokens_.go_to(place_ + 1);
  return unescaped(text.substr(1, text.size() - 2));
}

// What stands between quotes. Most texts have no escapes, so that it can be shown where it stands.
std::string_view JsonReader::unescaped(BytesView written) { return tokens_.may_escape() ? unescape(written) : written; }

std::string_view JsonReader::unescape(BytesView written) {
  if (written.find('\\') == BytesView::npos) return written;
  const auto text = tokens_.unescape({written.data() - 1, written.size() + 2});
  if (!text) fail("not JSON: no such escape");
  return *text;
}

// Visits each field with its name, as it is written between its quotes, and the place of its value. Told the one
// behind.
template <class Visit>
void JsonReader::visit_fields(const Visit& visit) {
  constexpr std::ptrdiff_t kTokens = 4;  // of a field, at least: name, colon, value, and what follows
  check_depth();
  const Place end = tokens_.end();
  Place token = place_;
  if (tokens_.first_of(token) != '{') fail_expected("object");
  if (tokens_.first_of(++token) == '}') return tokens_.go_to(token + 1);
  for (char next = ','; next != '}'; ++token) {
    if (next != ',') fail_broken("no comma between fields");
    if (end - token < kTokens) fail_broken("an object has no end");
    const char* name = tokens_.begin_of(token);
    if (*name != '"') fail_broken("a field begins with its name");
    const char* colon = tokens_.begin_of(token + 1);
    if (*colon != ':') fail_broken("no colon behind the name of a field");
    const char* quote = colon - 1;
    while (*quote != '"') --quote;
    token = visit(BytesView(name + 1, static_cast<std::size_t>(quote - name - 1)), token + 2);
    next = tokens_.first_of(token);
  }
  tokens_.go_to(token);
}

// Reads a field or an element of this value, or passes over it; returns the place behind.
template <class Read>
JsonReader::Place JsonReader::read_inside(Place place, std::string_view name, std::size_t index, const Read& read) {
  tokens_.go_to(place);
  JsonReader value(*this, name, index);
  read(value);
  return tokens_.place() != place ? tokens_.place() : behind_value(place);
}

JsonReader::Place JsonReader::behind_value(Place place) const {
  const Place behind = tokens_.behind_value(place);
  if (behind == nullptr) [[unlikely]]
    fail_broken("a value is missing, or has no end");
  return behind;
}

void JsonReader::read_object(FieldVisitor visit) {
  visit_fields([&](BytesView written, Place place) {
    const std::string_view name = unescaped(written);
    return read_inside(place, name, 0, [&](JsonReader& value) { visit(name, value); });
  });
}

void JsonReader::read_fields(const internal::JsonFieldTable& table, void* object) {
  const std::size_t count = table.names.size();
  FieldNames names(table.names);
  FoundFields found(count);
  visit_fields([&](BytesView written, Place place) {
    const std::size_t index = names.find(unescaped(written));
    if (index == count) return behind_value(place);
    const internal::JsonFieldEntry& entry = table.entries[index];
    found.add(index);
    return read_inside(place, table.names[index], 0, [&](JsonReader& value) { entry.read(value, object); });
  });
  for (std::size_t i = 0; i < count; ++i) {
    if (table.entries[i].required && !found.has(i)) fail_missing(table.names[i]);
  }
}

void internal::read_json_fields(JsonReader& reader, const JsonFieldTable& table, void* object) {
  reader.read_fields(table, object);
}

void JsonReader::read_array(ElementVisitor visit) {
  check_depth();
  Place token = place_;
  if (tokens_.first_of(token) != '[') fail_expected("array");
  if (tokens_.first_of(++token) == ']') return tokens_.go_to(token + 1);
  std::size_t index = 0;
  for (char next = ','; next != ']'; ++token) {
    if (next != ',') fail_broken("no comma between elements, or no end of an array");
    token = read_inside(token, {}, index++, visit);
    next = tokens_.first_of(token);
  }
  tokens_.go_to(token);
}

void JsonReader::fail(std::string_view problem) const {
  const std::string where = path();
  throw SerdeError(where.empty() ? std::string(problem) : fmt::format("{}: {}", where, problem));
}

void JsonReader::fail_missing(std::string_view name) const {
  const std::string where = path();
  throw SerdeError(fmt::format("{}{}{}: missing", where, where.empty() ? "" : ".", name));
}

void JsonReader::fail_expected(std::string_view what) const {
  fail(fmt::format("expected {}, found {}", what, found()));
}

void JsonReader::fail_broken(std::string_view problem) const { fail(fmt::format("not JSON: {}", problem)); }

std::string JsonReader::found() const {
  const BytesView text = tokens_.text_at(place_);
  if (text.empty()) return "nothing";
  if (text.front() == '{') return "an object";
  if (text.front() == '[') return "an array";
  return shortened(text);
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
    workspace.tokens.find(text);
    JsonReader reader(workspace.tokens);
    read(reader);
    if (workspace.tokens.place() != workspace.tokens.end())
      throw SerdeError("not JSON: there is more text after the value");
  };
  // One per thread: its memory costs more than to read a small text, and nothing of it outlives this call. A reader
  // that reads another text meanwhile, or a text too big to keep the memory for, gets one of its own.
  thread_local Workspace kept;
  if (!kept.busy && text.size() <= kMostKept) return read_with(kept);
  Workspace own;
  read_with(own);
}

}  // namespace levada
