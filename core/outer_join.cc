#include <fmt/format.h>

#include <levada/core/outer_join.h>
#include <levada/core/serdes/list.h>

namespace levada {
namespace {

constexpr std::size_t kTimeSize = sizeof(std::int64_t);

JoinSide read_side(BytesView bytes, std::size_t at) {
  if (bytes.size() <= at) {
    throw SerdeError(fmt::format("outer join: expected at least {} bytes, found {}", at + 1, bytes.size()));
  }
  if (bytes[at] != '\0' && bytes[at] != '\1') {
    throw SerdeError(
        fmt::format("outer join: side {:02x} is neither left nor right", static_cast<unsigned char>(bytes[at])));
  }
  return static_cast<JoinSide>(bytes[at]);
}

}  // namespace

void append_outer_join_key(const OuterJoinKey& key, Bytes& out) {
  SerdeTraits<Timestamp>::encode(key.timestamp, out);
  out += static_cast<char>(key.side);
  out += key.key;
}

OuterJoinKey read_outer_join_key(BytesView bytes) {
  const JoinSide side = read_side(bytes, kTimeSize);
  return {SerdeTraits<Timestamp>::decode(bytes.substr(0, kTimeSize)), side, bytes.substr(kTimeSize + 1)};
}

void append_outer_join_value(const OuterJoinValue& value, Bytes& out) {
  out += static_cast<char>(value.side);
  out += value.value;
}

OuterJoinValue read_outer_join_value(BytesView bytes) { return {read_side(bytes, 0), bytes.substr(1)}; }

void append_list_value(const std::vector<BytesView>& entries, Bytes& out) {
  internal::append_variable_size_head(entries.size(), out);
  for (BytesView entry : entries) {
    append_big_endian(static_cast<std::int32_t>(entry.size()), out);
    out += entry;
  }
}

std::vector<BytesView> read_list_value(BytesView bytes) {
  internal::ListReader reader(bytes, 0);
  std::vector<BytesView> entries;
  entries.reserve(reader.size());
  for (std::size_t i = 0; i < reader.size(); ++i) {
    const NullableView entry = reader.next();
    if (!entry) throw NullValueError();
    entries.push_back(*entry);
  }
  return entries;
}

}  // namespace levada
