#include <algorithm>
#include <string>

#include <absl/base/config.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <levada/core/json_tokens.h>
#include <levada/core/serde_traits.h>

namespace levada::internal {

namespace {

namespace numbers = simdjson::builtin::numberparsing;

constexpr std::size_t kLeastCapacity = 4096;
constexpr std::size_t kMaxDepth = 1;  // simdjson keeps a stack for parsers of its own

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

const std::uint8_t* bytes_of(const char* text) { return reinterpret_cast<const std::uint8_t*>(text); }

void check(simdjson::error_code error) {
  if (error) throw SerdeError(fmt::format("not JSON: {}", simdjson::error_message(error)));
}

}  // namespace

struct JsonTokens::Parsers {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> tokens;
  simdjson::ondemand::parser strings;  // with escapes

  void reserve(std::size_t size) {
    if (tokens != nullptr && tokens->capacity() >= size) return;
    const std::size_t capacity = std::max(kLeastCapacity, 2 * size);
    check(simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, kMaxDepth, tokens));
  }
};

JsonTokens::JsonTokens() : parsers_(std::make_unique<Parsers>()) {}
JsonTokens::~JsonTokens() = default;

void JsonTokens::find(BytesView text) {
  next_ = end_ = nullptr;
  parsers_->reserve(text.size());
  if (!has_room_behind(text)) {
    if (padded_.size() < text.size() + simdjson::SIMDJSON_PADDING) {
      padded_.resize(2 * text.size() + simdjson::SIMDJSON_PADDING);
    }
    text.copy(padded_.data(), text.size());
    text = BytesView(padded_.data(), text.size());
  }
  check(parsers_->tokens->stage1(bytes_of(text.data()), text.size(), simdjson::stage1_mode::regular));
  text_ = text;
  next_ = parsers_->tokens->structural_indexes.get();
  end_ = next_ + parsers_->tokens->n_structural_indexes;
  may_escape_ = text.find('\\') != BytesView::npos;
  unescaped_.clear();
}

JsonTokens::Place JsonTokens::behind_other_value(Place token) const {
  const char first = first_of(token);
  if (first == 't' || first == 'f' || first == 'n') return token + 1;
  if (first != '{' && first != '[') return nullptr;
  std::size_t depth = 0;
  for (; token != end_; ++token) {
    const char c = *begin_of(token);
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return token + 1;
  }
  return nullptr;
}

// None takes more room than it does with its escapes, so that what was shown before stays where it is.
std::optional<BytesView> JsonTokens::unescape(BytesView quoted) {
  unescaped_.reserve(text_.size());
  simdjson::ondemand::document document;
  const std::size_t readable = quoted.size() + simdjson::SIMDJSON_PADDING;
  if (parsers_->strings.iterate(quoted.data(), quoted.size(), readable).get(document)) return std::nullopt;
  std::string_view text;
  if (document.get_string().get(text)) return std::nullopt;
  const std::size_t begin = unescaped_.size();
  unescaped_.append(text);
  return BytesView(unescaped_).substr(begin);
}

// simdjson reads a number up to what ends it: where the text ends, that may be anything.
template <class Number, class Parse>
std::optional<Number> JsonTokens::number(Place token, Parse parse) const {
  if (token == end_) return std::nullopt;
  Number number;
  if (token + 1 != end_) [[likely]] {
    if (parse(bytes_of(begin_of(token))).get(number)) return std::nullopt;
  } else {
    std::string ended(text_at(token));
    ended.append(simdjson::SIMDJSON_PADDING, ' ');
    if (parse(bytes_of(ended.data())).get(number)) return std::nullopt;
  }
  return number;
}

std::optional<std::int64_t> JsonTokens::to_int64(Place token) const {
  return number<std::int64_t>(token, [](const std::uint8_t* text) { return numbers::parse_integer(text); });
}

std::optional<std::uint64_t> JsonTokens::to_uint64(Place token) const {
  return number<std::uint64_t>(token, [](const std::uint8_t* text) { return numbers::parse_unsigned(text); });
}

std::optional<double> JsonTokens::to_double(Place token) const {
  return number<double>(token, [](const std::uint8_t* text) { return numbers::parse_double(text); });
}

}  // namespace levada::internal
