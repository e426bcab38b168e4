// Lists as one value, in the format of Kafka's ListSerde. Null entries need std::optional.
//
//   Serde<std::vector<std::int64_t>> numbers;                       // found from the type
//   Serde<std::vector<std::optional<std::string>>> names;
//   Serde<std::vector<Point>> points = list_serde(point_serde);     // with the entries' serde given
//
// Grammar; integers are big-endian:
//   constant size   00 | int32 nulls | nulls * int32 index | int32 entries | the bytes of each entry that is not null
//                   for int16, int32, int64, float, double and UUID
//   variable size   01 | int32 entries | entries * (int32 size | bytes)           size -1 is null; everything else
// A list whose last entry is empty is written and read, but Kafka's own reader takes it for a list cut short.
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include <levada/core/serde.h>
#include <levada/core/uuid.h>

namespace levada {

namespace internal {

// How long every entry is, or 0 if that differs.
template <class T>
constexpr std::size_t entry_size() {
  if constexpr (std::is_same_v<T, Uuid>) return 36;
  if constexpr (BigEndianInteger<T> || std::is_floating_point_v<T>) return sizeof(T);
  return 0;
}

void append_constant_size_head(const std::vector<std::int32_t>& nulls, std::size_t entries, Bytes& out);
void append_variable_size_head(std::size_t entries, Bytes& out);

// Puts the size of what was appended since `start` into the four bytes that stand there.
void fill_in_size(std::size_t start, Bytes& out);

// Walks over the entries of a list; the entries look into `in`.
class ListReader {
 public:
  // `entry_size` is 0 for types whose entries differ in size. Throws SerdeError if `in` is no such list.
  ListReader(BytesView in, std::size_t entry_size);

  std::size_t size() const { return size_; }

  // Call it size() times. Throws SerdeError if the bytes end too soon.
  NullableView next();

 private:
  void read_constant_size_head();
  void read_variable_size_head();
  bool next_is_null();
  NullableView next_sized();
  std::int32_t read_int32();
  BytesView take(std::size_t count);

  BytesView rest_;
  BytesView null_indexes_;
  std::size_t entry_size_;
  std::size_t size_ = 0;
  std::size_t index_ = 0;
};

template <class T>
void encode_constant_size_list(const std::vector<T>& list, const Serde<T>& entry, Bytes& out) {
  std::vector<std::int32_t> nulls;
  if constexpr (is_optional_v<T>) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (!list[i]) nulls.push_back(static_cast<std::int32_t>(i));
    }
  }
  append_constant_size_head(nulls, list.size(), out);
  for (const auto& value : list) entry.encode(value, out);
}

template <class T>
void encode_variable_size_list(const std::vector<T>& list, const Serde<T>& entry, Bytes& out) {
  append_variable_size_head(list.size(), out);
  for (const auto& value : list) {
    const std::size_t start = out.size();
    append_big_endian<std::int32_t>(-1, out);
    if (entry.encode(value, out)) fill_in_size(start, out);
  }
}

template <class T>
std::vector<T> decode_list(BytesView in, const Serde<T>& entry, std::size_t entry_size) {
  ListReader reader(in, entry_size);
  std::vector<T> list;
  list.reserve(reader.size());
  for (std::size_t i = 0; i < reader.size(); ++i) list.push_back(entry.decode(reader.next()));
  return list;
}

}  // namespace internal

template <HasSerde T>
struct SerdeTraits<std::vector<T>> {
  static void encode(const std::vector<T>& value, Bytes& out) {
    if constexpr (kEntrySize > 0) {
      internal::encode_constant_size_list(value, Serde<T>(), out);
    } else {
      internal::encode_variable_size_list(value, Serde<T>(), out);
    }
  }
  static std::vector<T> decode(BytesView in) { return internal::decode_list(in, Serde<T>(), kEntrySize); }

 private:
  static constexpr std::size_t kEntrySize = internal::entry_size<Unwrapped<T>>();
};

// Entries of `entry`'s making, always in the variable-size form.
template <class T>
Serde<std::vector<T>> list_serde(Serde<T> entry) {
  return Serde<std::vector<T>>(
      [entry](const std::vector<T>& value, Bytes& out) { internal::encode_variable_size_list(value, entry, out); },
      [entry](BytesView in) { return internal::decode_list(in, entry, 0); });
}

}  // namespace levada
