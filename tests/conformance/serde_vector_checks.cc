#include <bit>
#include <cstdlib>
#include <functional>

#include <levada/core/serdes/list.h>
#include <levada/core/serdes/windowed.h>
#include <levada/core/uuid.h>

#include "tests/conformance/vector_checks.h"

namespace levada {
namespace {

using ByteVector = std::vector<std::byte>;

ByteVector byte_vector(const Bytes& bytes) { return SerdeTraits<ByteVector>::decode(bytes); }

// Java's text of a number, or the bits behind "NaN payload ".
template <class Float, class Bits>
Float float_of(const std::string& text) {
  constexpr std::string_view kPayload = "NaN payload ";
  if (!text.starts_with(kPayload)) return static_cast<Float>(std::strtod(text.c_str(), nullptr));
  return std::bit_cast<Float>(static_cast<Bits>(std::stoull(text.substr(kPayload.size()), nullptr, 16)));
}

void check_string(const Json& vector) {
  // C++ text is bytes already and has no half of a surrogate pair: there is only Java's replacement to read back.
  const bool surrogate = text_of(vector, "value").starts_with("lone surrogate");
  expect_encodes(Serde<std::string>(), surrogate ? "?" : text_of(vector, "value"), vector);
}

template <class Integer>
void check_integer(const Json& vector) {
  expect_encodes(Serde<Integer>(), static_cast<Integer>(std::stoll(text_of(vector, "value"))), vector);
}

void check_double(const Json& vector) {
  expect_encodes(Serde<double>(), float_of<double, std::uint64_t>(text_of(vector, "value")), vector);
}

void check_float(const Json& vector) {
  expect_encodes(Serde<float>(), float_of<float, std::uint32_t>(text_of(vector, "value")), vector);
}

void check_bytes(const Json& vector) {
  const Bytes bytes = from_hex(text_of(vector, "value").substr(std::string("hex:").size()));
  expect_encodes(Serde<Bytes>(), bytes, vector);
  expect_encodes(Serde<ByteVector>(), byte_vector(bytes), vector);
}

void check_uuid(const Json& vector) { expect_encodes(Serde<Uuid>(), *Uuid::parse(text_of(vector, "value")), vector); }

void check_bool(const Json& vector) { expect_encodes(Serde<bool>(), text_of(vector, "value") == "true", vector); }

template <class T>
void expect_null(Serde<T> serde) {
  Bytes out;
  EXPECT_FALSE(serde.encode(T{}, out));
  EXPECT_EQ(out, "");
  EXPECT_EQ(serde.decode(std::nullopt), T{});
}

template <class T>
void expect_null_as_optional() {
  expect_null(Serde<std::optional<T>>());
  EXPECT_THROW(Serde<T>().decode(std::nullopt), NullValueError);
}

void check_void(const Json&) { expect_null(Serde<std::monostate>()); }

void check_null(const Json& vector) {
  static const std::map<std::string, std::function<void()>> kByType = {
      {"String", expect_null_as_optional<std::string>},
      {"Integer", expect_null_as_optional<std::int32_t>},
      {"Long", expect_null_as_optional<std::int64_t>},
      {"Short", expect_null_as_optional<std::int16_t>},
      {"Double", expect_null_as_optional<double>},
      {"Float", expect_null_as_optional<float>},
      {"Bytes", expect_null_as_optional<Bytes>},
      {"ByteArray", expect_null_as_optional<ByteVector>},
      {"ByteBuffer", expect_null_as_optional<ByteVector>},
      {"UUID", expect_null_as_optional<Uuid>},
      {"Boolean", expect_null_as_optional<bool>},
      {"Void", [] { expect_null(Serde<std::monostate>()); }},
      {"TimeWindowed",
       [] { expect_null(Serde<std::optional<Windowed<std::string>>>(time_windowed_serde<std::string>(Duration(1)))); }},
      {"SessionWindowed",
       [] { expect_null(Serde<std::optional<Windowed<std::string>>>(session_windowed_serde<std::string>())); }},
      {"List<Integer>", expect_null_as_optional<std::vector<std::int32_t>>}};
  kByType.at(text_of(vector, "type"))();
}

void check_error(const Json& vector) {
  static const std::map<std::string, std::function<void()>> kByCase = {
      {"Integer deserialize 3 bytes", [] { Serde<std::int32_t>().decode("abc"); }},
      {"Long deserialize 0 bytes", [] { Serde<std::int64_t>().decode(""); }},
      {"Boolean deserialize 0x02", [] { Serde<bool>().decode("\2"); }},
      {"Void deserialize non-null", [] { Serde<std::monostate>().decode("x"); }},
      {"UUID deserialize 16 raw bytes", [] { Serde<Uuid>().decode("0123456789abcdef"); }}};
  EXPECT_THROW(kByCase.at(text_of(vector, "case"))(), SerdeError);
}

template <class T>
void expect_list(const Json& vector, const Json& values, T (*value_of)(const Json&)) {
  std::vector<std::optional<T>> list;
  for (const Json& value : values) list.push_back(value.is_null() ? std::nullopt : std::optional<T>(value_of(value)));
  expect_encodes(Serde<std::vector<std::optional<T>>>(), list, vector);
}

void check_list(const Json& vector) {
  const Json& in = vector.at("in");
  const std::string inner = text_of(vector, "inner");
  if (inner == "Integer") {
    expect_list<std::int32_t>(vector, in.at("value"), [](const Json& json) { return json.get<std::int32_t>(); });
  } else if (inner == "Long") {
    expect_list<std::int64_t>(vector, in.at("value"), [](const Json& json) { return json.get<std::int64_t>(); });
  } else if (inner == "UUID") {
    expect_list<Uuid>(vector, in.at("value"), [](const Json& json) { return *Uuid::parse(json.get<std::string>()); });
  } else if (inner == "String") {
    expect_list<std::string>(vector, in.at("value"), [](const Json& json) { return json.get<std::string>(); });
  } else if (inner == "Boolean") {
    expect_list<bool>(vector, in.at("value"), [](const Json& json) { return json.get<bool>(); });
  } else {
    ASSERT_EQ(inner, "ByteArray");
    expect_list<ByteVector>(vector, in.at("value_hex"),
                            [](const Json& json) { return byte_vector(from_hex(json.get<std::string>())); });
  }
}

// Kafka cannot read a list that ends in an empty entry. Levada reads both.
void check_list_error(const Json& vector) {
  const bool empty_last = vector.contains("throws");
  const std::vector<std::string> list =
      empty_last ? std::vector<std::string>{"a", ""} : std::vector<std::string>{"", "a"};
  const Serde<std::vector<std::string>> serde;
  Bytes bytes;
  ASSERT_TRUE(serde.encode(list, bytes));
  EXPECT_EQ(serde.decode(bytes), list);
}

}  // namespace

VectorChecks serde_checks() {
  return {{"serde/String", check_string},
          {"serde/Integer", check_integer<std::int32_t>},
          {"serde/Long", check_integer<std::int64_t>},
          {"serde/Short", check_integer<std::int16_t>},
          {"serde/Double", check_double},
          {"serde/Float", check_float},
          {"serde/Bytes", check_bytes},
          {"serde/ByteArray", check_bytes},
          {"serde/ByteBuffer", check_bytes},
          {"serde/UUID", check_uuid},
          {"serde/Boolean", check_bool},
          {"serde/Void", check_void},
          {"serde/null", check_null},
          {"serde/error", check_error}};
}

VectorChecks list_checks() { return {{"serde/List", check_list}, {"serde/List-error", check_list_error}}; }

}  // namespace levada
