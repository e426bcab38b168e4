#include <fmt/format.h>

#include <levada/core/serdes/list.h>

namespace levada::internal {
namespace {

constexpr char kConstantSize = '\0';
constexpr char kVariableSize = '\1';
constexpr std::size_t kInt32Size = sizeof(std::int32_t);

std::size_t checked_count(std::int32_t count, std::size_t most, const char* what) {
  if (count >= 0 && static_cast<std::size_t>(count) <= most) return static_cast<std::size_t>(count);
  throw SerdeError(fmt::format("list: {} {} do not fit into its bytes", count, what));
}

}  // namespace

void append_constant_size_head(const std::vector<std::int32_t>& nulls, std::size_t entries, Bytes& out) {
  out += kConstantSize;
  append_big_endian(static_cast<std::int32_t>(nulls.size()), out);
  for (std::int32_t index : nulls) append_big_endian(index, out);
  append_big_endian(static_cast<std::int32_t>(entries), out);
}

void append_variable_size_head(std::size_t entries, Bytes& out) {
  out += kVariableSize;
  append_big_endian(static_cast<std::int32_t>(entries), out);
}

void fill_in_size(std::size_t start, Bytes& out) {
  Bytes size;
  append_big_endian(static_cast<std::int32_t>(out.size() - start - kInt32Size), size);
  out.replace(start, kInt32Size, size);
}

ListReader::ListReader(BytesView in, std::size_t entry_size) : rest_(in), entry_size_(entry_size) {
  const char strategy = take(1)[0];
  if (strategy == kConstantSize && entry_size > 0) {
    read_constant_size_head();
  } else if (strategy == kVariableSize) {
    read_variable_size_head();
  } else {
    throw SerdeError(
        fmt::format("list: {:02x} is not how lists of this type begin", static_cast<unsigned char>(strategy)));
  }
}

void ListReader::read_constant_size_head() {
  const std::size_t nulls = checked_count(read_int32(), rest_.size() / kInt32Size, "nulls");
  null_indexes_ = take(nulls * kInt32Size);
  size_ = checked_count(read_int32(), nulls + rest_.size() / entry_size_, "entries");
}

void ListReader::read_variable_size_head() {
  entry_size_ = 0;
  const std::int32_t entries = read_int32();
  size_ = checked_count(entries, rest_.size() / kInt32Size, "entries");
}

NullableView ListReader::next() {
  if (entry_size_ == 0) return next_sized();
  if (next_is_null()) return std::nullopt;
  return take(entry_size_);
}

bool ListReader::next_is_null() {
  const auto index = static_cast<std::int32_t>(index_++);
  if (null_indexes_.empty() || read_big_endian<std::int32_t>(null_indexes_) != index) return false;
  null_indexes_.remove_prefix(kInt32Size);
  return true;
}

NullableView ListReader::next_sized() {
  const std::int32_t size = read_int32();
  if (size == -1) return std::nullopt;
  return take(checked_count(size, rest_.size(), "bytes of an entry"));
}

std::int32_t ListReader::read_int32() { return read_big_endian<std::int32_t>(take(kInt32Size)); }

BytesView ListReader::take(std::size_t count) {
  if (rest_.size() < count) {
    throw SerdeError(fmt::format("list: {} bytes expected, but only {} are left", count, rest_.size()));
  }
  const BytesView taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

}  // namespace levada::internal
