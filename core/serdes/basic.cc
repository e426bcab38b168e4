#include <fmt/format.h>

#include <levada/core/serdes/basic.h>

namespace levada {

void internal::throw_wrong_size(const char* what, std::size_t expected, std::size_t actual) {
  throw SerdeError(fmt::format("{}: expected {} bytes, found {}", what, expected, actual));
}

bool SerdeTraits<bool>::decode(BytesView in) {
  internal::expect_size("bool", 1, in);
  if (in[0] != '\0' && in[0] != '\1') {
    throw SerdeError(fmt::format("bool: expected byte 00 or 01, found {:02x}", static_cast<unsigned char>(in[0])));
  }
  return in[0] == '\1';
}

std::monostate SerdeTraits<std::monostate>::decode(NullableView in) {
  if (in) throw SerdeError(fmt::format("expected null, found {} bytes", in->size()));
  return {};
}

}  // namespace levada
