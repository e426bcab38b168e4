// JSON for C++ types: a struct becomes JSON by naming its members once.
//
//   struct Order {
//     std::string type;
//     struct Data {
//       double amount = 0;
//       static constexpr auto json_fields() { return levada::json_fields("amount", &Data::amount); }
//     } data;
//     std::optional<std::string> note;
//     int priority = 3;
//     static constexpr auto json_fields() {
//       return levada::json_fields("type", &Order::type, "data", &Order::data, "note", &Order::note,
//                                  levada::optional_field("priority", &Order::priority));
//     }
//   };
//   std::string text = to_json(order);              // {"type":"…","data":{"amount":9.5},"priority":3}
//   Order back = from_json<Order>(text);            // throws SerdeError: "data.amount: expected number, found true"
//   Serde<Order> serde;                             // JSON, found from the type
//   Serde<std::int64_t> total = json_serde<std::int64_t>();            // 42 as text instead of eight bytes
//
// A type one cannot edit is described beside it, and an enum by its names:
//   template <> struct levada::JsonTraits<Point> {
//     static constexpr auto json_fields() { return levada::json_fields("x", &Point::x, "y", &Point::y); }
//   };
//   template <> struct levada::JsonTraits<Color> {
//     static constexpr auto json_names() { return levada::json_names(Color::kRed, "red", Color::kBlue, "blue"); }
//   };
// or, for any other form, by `static T read(JsonReader&)` and `static void write(const T&, JsonWriter&)`.
//
// Members may be described structs and enums, bool, integers (checked for range), float and double, std::string, Uuid,
// Timestamp (ISO 8601), std::vector, std::optional, and maps from std::string. Fields are read in any order and the
// last of a repeated name counts; unknown ones are ignored, missing ones are an error. A std::optional may be missing
// or null, and is written only when set; an optional_field may be missing and then keeps its default, and is always
// written. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <levada/core/iso8601.h>
#include <levada/core/json_fields.h>
#include <levada/core/json_reader.h>
#include <levada/core/json_writer.h>
#include <levada/core/serde.h>
#include <levada/core/uuid.h>

namespace levada {

namespace internal {

template <class T>
void read_json(JsonReader& reader, T& out);
template <class T>
void write_json(const T& value, JsonWriter& writer);

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
concept JsonMap = std::same_as<typename T::key_type, std::string> && requires {
  typename T::mapped_type;
};

template <class T>
concept JsonInteger = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

template <class T>
concept CustomJson = requires(JsonReader& reader, JsonWriter& writer, const T& value) {
  { JsonTraits<T>::read(reader) } -> std::convertible_to<T>;
  JsonTraits<T>::write(value, writer);
};

template <class T>
inline constexpr bool kNoJson = false;

[[noreturn]] void fail_out_of_range(JsonReader& reader);
Timestamp read_json_timestamp(JsonReader& reader);
Uuid read_json_uuid(JsonReader& reader);

template <JsonInteger T>
T read_json_integer(JsonReader& reader) {
  if constexpr (std::is_signed_v<T>) {
    const std::int64_t value = reader.read_int64();
    if (!std::in_range<T>(value)) fail_out_of_range(reader);
    return static_cast<T>(value);
  } else {
    const std::uint64_t value = reader.read_uint64();
    if (!std::in_range<T>(value)) fail_out_of_range(reader);
    return static_cast<T>(value);
  }
}

template <class T>
void read_json_vector(JsonReader& reader, std::vector<T>& out) {
  out.clear();
  reader.read_array([&out](JsonReader& element) {
    T value{};
    read_json(element, value);
    out.push_back(std::move(value));
  });
}

template <JsonMap T>
void read_json_map(JsonReader& reader, T& out) {
  out.clear();
  reader.read_object([&out](std::string_view name, JsonReader& field) {
    typename T::mapped_type value{};
    read_json(field, value);
    out.insert_or_assign(std::string(name), std::move(value));
  });
}

template <class T>
void read_json_optional(JsonReader& reader, std::optional<T>& out) {
  if (reader.read_null()) return out.reset();
  if (!out) out.emplace();
  read_json(reader, *out);
}

template <class T>
void read_json(JsonReader& reader, T& out) {
  if constexpr (CustomJson<T>) {
    out = JsonTraits<T>::read(reader);
  } else if constexpr (JsonStruct<T>) {
    read_json_fields(reader, json_field_table<T>(), &out);
  } else if constexpr (JsonEnum<T>) {
    out = read_json_enum<T>(reader);
  } else if constexpr (std::is_same_v<T, bool>) {
    out = reader.read_bool();
  } else if constexpr (JsonInteger<T>) {
    out = read_json_integer<T>(reader);
  } else if constexpr (std::is_floating_point_v<T>) {
    out = static_cast<T>(reader.read_double());
  } else if constexpr (std::is_same_v<T, std::string>) {
    out = reader.read_string();
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    out = read_json_timestamp(reader);
  } else if constexpr (std::is_same_v<T, Uuid>) {
    out = read_json_uuid(reader);
  } else if constexpr (is_optional_v<T>) {
    read_json_optional(reader, out);
  } else if constexpr (IsVector<T>::value) {
    read_json_vector(reader, out);
  } else if constexpr (JsonMap<T>) {
    read_json_map(reader, out);
  } else {
    static_assert(kNoJson<T>,
                  "JSON: nothing says how T becomes JSON; name its members in T::json_fields(), or specialise "
                  "levada::JsonTraits<T> with json_fields(), json_names() or read() and write()");
  }
}

template <class T>
void write_json_vector(const std::vector<T>& value, JsonWriter& writer) {
  writer.begin_array();
  for (const auto& element : value) write_json<T>(element, writer);
  writer.end_array();
}

template <JsonMap T>
void write_json_map(const T& value, JsonWriter& writer) {
  writer.begin_object();
  for (const auto& [name, element] : value) {
    writer.key(name);
    write_json(element, writer);
  }
  writer.end_object();
}

template <class T>
void write_json_optional(const std::optional<T>& value, JsonWriter& writer) {
  if (value) {
    write_json(*value, writer);
  } else {
    writer.null();
  }
}

template <class T>
void write_json(const T& value, JsonWriter& writer) {
  if constexpr (CustomJson<T>) {
    JsonTraits<T>::write(value, writer);
  } else if constexpr (JsonStruct<T>) {
    write_json_fields(json_field_table<T>(), &value, writer);
  } else if constexpr (JsonEnum<T>) {
    writer.string(json_enum_name(value));
  } else if constexpr (std::is_same_v<T, bool>) {
    writer.boolean(value);
  } else if constexpr (JsonInteger<T>) {
    writer.number(static_cast<std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    writer.number(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    writer.string(value);
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    writer.string(format_iso8601(value));
  } else if constexpr (std::is_same_v<T, Uuid>) {
    writer.string(value.to_string());
  } else if constexpr (is_optional_v<T>) {
    write_json_optional(value, writer);
  } else if constexpr (IsVector<T>::value) {
    write_json_vector(value, writer);
  } else if constexpr (JsonMap<T>) {
    write_json_map(value, writer);
  } else {
    static_assert(kNoJson<T>,
                  "JSON: nothing says how T becomes JSON; name its members in T::json_fields(), or specialise "
                  "levada::JsonTraits<T> with json_fields(), json_names() or read() and write()");
  }
}

}  // namespace internal

template <class T>
void append_json(const T& value, Bytes& out) {
  JsonWriter writer(out);
  internal::write_json(value, writer);
}

template <class T>
std::string to_json(const T& value) {
  std::string text;
  append_json(value, text);
  return text;
}

// Reads into a value that is there already, and uses its memory again. What the text leaves out is as in a new T.
template <class T>
void from_json(BytesView text, T& value) {
  if constexpr (std::is_copy_assignable_v<T>) {
    static const T kNew{};
    value = kNew;
  } else {
    value = T{};
  }
  read_json_text(text, [&value](JsonReader& reader) { internal::read_json(reader, value); });
}

template <class T>
T from_json(BytesView text) {
  T value{};
  from_json(text, value);
  return value;
}

// JSON also for the types that have a serde of another form: numbers, strings, lists.
template <class T>
Serde<T> json_serde() {
  return Serde<T>([](const T& value, Bytes& out) { append_json(value, out); },
                  [](BytesView in, T& value) { from_json(in, value); });
}

template <JsonDescribed T>
struct SerdeTraits<T> {
  static void encode(const T& value, Bytes& out) { append_json(value, out); }
  static T decode(BytesView in) { return from_json<T>(in); }
  static void decode_into(BytesView in, T& value) { from_json(in, value); }
  static constexpr bool kManySpellings = true;
};

}  // namespace levada
