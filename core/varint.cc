#include <limits>

#include <levada/core/serde_traits.h>
#include <levada/core/varint.h>

namespace levada {
namespace {

constexpr int kBits = 7;
constexpr std::uint64_t kMore = 1U << kBits;
constexpr std::size_t kBytesOfInt32 = 5;

}  // namespace

void append_varint(std::int32_t value, Bytes& out) {
  append_uvarint(static_cast<std::uint32_t>(value) << 1 ^ static_cast<std::uint32_t>(value >> 31), out);
}

std::int32_t read_varint(BytesView& in) {
  BytesView number = in.substr(0, kBytesOfInt32);
  const std::size_t size = number.size();
  const std::optional<std::uint64_t> taken = take_uvarint(number);
  if (!taken) {
    throw SerdeError(size < kBytesOfInt32 ? "varint: the bytes end in the middle of it"
                                          : "varint: longer than five bytes");
  }
  in.remove_prefix(size - number.size());
  const auto bits = static_cast<std::uint32_t>(*taken);
  return static_cast<std::int32_t>(bits >> 1 ^ (~(bits & 1) + 1));
}

void append_uvarint(std::uint64_t value, Bytes& out) {
  for (; value >= kMore; value >>= kBits) out += static_cast<char>(value % kMore | kMore);
  out += static_cast<char>(value);
}

std::optional<std::uint64_t> take_uvarint(BytesView& in) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < std::numeric_limits<std::uint64_t>::digits && !in.empty(); shift += kBits) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte % kMore) << shift;
    if (byte < kMore) return value;
  }
  return std::nullopt;
}

}  // namespace levada
