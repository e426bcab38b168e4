// The description of a struct's members, or an enum's names, that json.h reads and writes by. Users meet json_fields(),
// optional_field() and json_names() here, and JsonTraits, which they specialise; json.h shows them in use.
//
// A description becomes a table of plain functions, so that the work on it is compiled once, not once for each struct.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <absl/types/span.h>

#include <levada/core/json_reader.h>
#include <levada/core/json_writer.h>
#include <levada/core/serde_traits.h>

namespace levada {

// Specialised for types that cannot describe themselves.
template <class T>
struct JsonTraits;

namespace internal {

template <class Owner, class Member>
struct JsonField {
  std::string_view name;
  Member Owner::*member;
  bool required;
};

template <class... Fields>
struct JsonFields {
  static constexpr std::size_t kCount = sizeof...(Fields);
  std::tuple<Fields...> fields;
};

// Takes names and members two by two, and optional fields one by one.
struct JsonFieldCollector {
  template <class... Done>
  static constexpr auto collect(std::tuple<Done...> done) {
    return JsonFields<Done...>{done};
  }

  template <class... Done, std::size_t N, class Owner, class Member, class... Rest>
  static constexpr auto collect(std::tuple<Done...> done, const char (&name)[N], Member Owner::*member,
                                const Rest&... rest) {
    const JsonField<Owner, Member> field{std::string_view(name, N - 1), member, !is_optional_v<Member>};
    return collect(std::tuple_cat(done, std::tuple(field)), rest...);
  }

  template <class... Done, class Owner, class Member, class... Rest>
  static constexpr auto collect(std::tuple<Done...> done, JsonField<Owner, Member> field, const Rest&... rest) {
    return collect(std::tuple_cat(done, std::tuple(field)), rest...);
  }
};

template <class E, std::size_t N>
using JsonNames = std::array<std::pair<E, std::string_view>, N>;

}  // namespace internal

// A field that may be missing in the text; the member then keeps its default.
template <std::size_t N, class Owner, class Member>
constexpr auto optional_field(const char (&name)[N], Member Owner::*member) {
  return internal::JsonField<Owner, Member>{std::string_view(name, N - 1), member, false};
}

// Names and members in turn: json_fields("id", &Order::id, "amount", &Order::amount).
template <class... NamesAndMembers>
constexpr auto json_fields(const NamesAndMembers&... names_and_members) {
  static_assert(
      requires { internal::JsonFieldCollector::collect(std::tuple<>(), names_and_members...); },
      "json_fields: pass a name and a member in turn, such as \"id\", &Order::id");
  return internal::JsonFieldCollector::collect(std::tuple<>(), names_and_members...);
}

// Values and names in turn: json_names(Color::kRed, "red", Color::kBlue, "blue").
template <class E, class... Rest>
constexpr auto json_names(E first, const Rest&... rest) {
  static_assert(std::is_enum_v<E> && sizeof...(Rest) % 2 == 1,
                "json_names: pass a value and a name in turn, such as Color::kRed, \"red\"");
  constexpr std::size_t kCount = (sizeof...(Rest) + 1) / 2;
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto all = std::tie(first, rest...);
    return internal::JsonNames<E, kCount>{
        std::pair<E, std::string_view>(std::get<2 * I>(all), std::get<2 * I + 1>(all))...};
  }
  (std::make_index_sequence<kCount>());
}

template <class T>
concept JsonStruct = requires {
  T::json_fields();
}
|| requires { JsonTraits<T>::json_fields(); };

template <class T>
concept JsonEnum = std::is_enum_v<T> && requires {
  JsonTraits<T>::json_names();
};

// T says by itself what it is as JSON, and is JSON wherever no other serde is given.
template <class T>
concept JsonDescribed = JsonStruct<T> || JsonEnum<T>;

namespace internal {

template <class T>
void read_json(JsonReader& reader, T& out);
template <class T>
void write_json(const T& value, JsonWriter& writer);

// A field without its types. `object` is the struct it belongs to.
struct JsonFieldEntry {
  bool required;
  void (*read)(JsonReader& reader, void* object);
  void (*write)(const void* object, JsonWriter& writer);
  bool (*is_set)(const void* object);  // nullptr: always
};

struct JsonFieldTable {
  absl::Span<const std::string_view> names;
  const JsonFieldEntry* entries;  // as many
};

// In any order; fastest where the text has them in that of the table. Throws SerdeError.
void read_json_fields(JsonReader& reader, const JsonFieldTable& table, void* object);
void write_json_fields(const JsonFieldTable& table, const void* object, JsonWriter& writer);

template <class T>
constexpr auto json_fields_of() {
  if constexpr (requires { JsonTraits<T>::json_fields(); }) {
    return JsonTraits<T>::json_fields();
  } else {
    return T::json_fields();
  }
}

template <class T>
inline constexpr auto kJsonFieldsOf = json_fields_of<T>();

// The I-th member of T, as functions over untyped pointers.
template <class T, std::size_t I>
struct JsonFieldAccess {
  static constexpr auto kField = std::get<I>(kJsonFieldsOf<T>.fields);
  using Member = std::remove_cvref_t<decltype(std::declval<T&>().*kField.member)>;

  static void read(JsonReader& reader, void* object) { read_json(reader, static_cast<T*>(object)->*kField.member); }
  static void write(const void* object, JsonWriter& writer) { write_json(member_of(object), writer); }
  static bool is_set(const void* object) { return member_of(object).has_value(); }

  static const Member& member_of(const void* object) { return static_cast<const T*>(object)->*kField.member; }

  static constexpr JsonFieldEntry entry() {
    JsonFieldEntry entry{.required = kField.required, .read = read, .write = write, .is_set = nullptr};
    if constexpr (is_optional_v<Member>) entry.is_set = is_set;
    return entry;
  }
};

template <class T, class Indexes>
struct JsonFieldEntries;

template <class T, std::size_t... I>
struct JsonFieldEntries<T, std::index_sequence<I...>> {
  static constexpr std::array<std::string_view, sizeof...(I)> kNames = {JsonFieldAccess<T, I>::kField.name...};
  static constexpr std::array<JsonFieldEntry, sizeof...(I)> kEntries = {JsonFieldAccess<T, I>::entry()...};
};

template <class T>
JsonFieldTable json_field_table() {
  using Indexes = std::make_index_sequence<decltype(kJsonFieldsOf<T>)::kCount>;
  using Entries = JsonFieldEntries<T, Indexes>;
  return {Entries::kNames, Entries::kEntries.data()};
}

// Throws SerdeError: none of the names fits.
[[noreturn]] void fail_unknown_name(JsonReader& reader, std::string_view found, const std::string& accepted);
[[noreturn]] void throw_unnamed(long long value);

template <JsonEnum E>
E read_json_enum(JsonReader& reader) {
  static constexpr auto kNames = JsonTraits<E>::json_names();
  const std::string_view found = reader.read_string();
  for (const auto& [value, name] : kNames) {
    if (name == found) return value;
  }
  std::string accepted;
  for (const auto& [value, name] : kNames) accepted.append(accepted.empty() ? "" : ", ").append(name);
  fail_unknown_name(reader, found, accepted);
}

template <JsonEnum E>
std::string_view json_enum_name(E wanted) {
  static constexpr auto kNames = JsonTraits<E>::json_names();
  for (const auto& [value, name] : kNames) {
    if (value == wanted) return name;
  }
  throw_unnamed(static_cast<long long>(wanted));
}

}  // namespace internal

}  // namespace levada
