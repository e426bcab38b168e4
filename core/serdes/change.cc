#include <fmt/format.h>

#include <levada/core/serdes/change.h>
#include <levada/core/varint.h>

namespace levada {
namespace {

enum Flag : char { kBefore = 0, kAfter = 1, kBoth = 2, kBeforeWithLatest = 3, kBothWithLatest = 5 };

ChangeView read_both(BytesView in) {
  const std::int32_t after_size = read_varint(in);
  if (after_size < 0 || static_cast<std::size_t>(after_size) > in.size()) {
    throw SerdeError(fmt::format("change: a new value of {} bytes does not fit into {}", after_size, in.size()));
  }
  return {.before = in.substr(static_cast<std::size_t>(after_size)),
          .after = in.substr(0, static_cast<std::size_t>(after_size))};
}

BytesView without_last(BytesView in) {
  if (in.empty()) throw SerdeError("change: the bytes end before its flag");
  in.remove_suffix(1);
  return in;
}

}  // namespace

ChangeView read_change(BytesView in) {
  BytesView values = without_last(in);
  char flag = in.back();
  if (flag >= kBeforeWithLatest && flag <= kBothWithLatest) {
    values = without_last(values);
    flag = static_cast<char>(flag - kBeforeWithLatest);
  }
  switch (flag) {
    case kBefore:
      return {.before = values};
    case kAfter:
      return {.after = values};
    case kBoth:
      return read_both(values);
    default:
      throw SerdeError(fmt::format("change: unknown flag {:02x}", static_cast<unsigned char>(flag)));
  }
}

void internal::finish_change(std::size_t start, std::optional<std::size_t> after_size, bool has_before, Bytes& out) {
  if (!after_size && !has_before) throw SerdeError("change: both the old and the new value are null");
  if (after_size && has_before) {
    Bytes size;
    append_varint(static_cast<std::int32_t>(*after_size), size);
    out.insert(start, size);
    out += static_cast<char>(kBoth);
    return;
  }
  out += static_cast<char>(after_size ? kAfter : kBefore);
}

void internal::refuse_both_rows() {
  throw SerdeError("change: an old and a new value in one record is what the version in upgrade.from cannot read");
}

}  // namespace levada
