#include <levada/core/serde_traits.h>
#include <levada/core/varint.h>

namespace levada {

void append_varint(std::int32_t value, Bytes& out) {
  std::uint32_t bits = static_cast<std::uint32_t>(value) << 1 ^ static_cast<std::uint32_t>(value >> 31);
  for (; bits >= 0x80; bits >>= 7) out += static_cast<char>(bits | 0x80);
  out += static_cast<char>(bits);
}

std::int32_t read_varint(BytesView& in) {
  std::uint32_t bits = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    if (in.empty()) throw SerdeError("varint: the bytes end in the middle of it");
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    bits |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return static_cast<std::int32_t>(bits >> 1 ^ (~(bits & 1) + 1));
  }
  throw SerdeError("varint: longer than five bytes");
}

}  // namespace levada
