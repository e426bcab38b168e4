#include <fmt/format.h>

#include <levada/core/uuid.h>

namespace levada {
namespace {

constexpr std::size_t kTextSize = 36;
constexpr char kDigits[] = "0123456789abcdef";

bool is_dash_position(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

// -1 if it is no hexadecimal digit.
int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_text(const Uuid& uuid, std::string& out) {
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kDigits[uuid.bytes[i] >> 4];
    out += kDigits[uuid.bytes[i] & 0xf];
  }
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != kTextSize) return std::nullopt;
  Uuid uuid;
  std::size_t digits = 0;
  for (std::size_t i = 0; i < kTextSize; ++i) {
    if (is_dash_position(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int digit = digit_value(text[i]);
    if (digit < 0) return std::nullopt;
    std::uint8_t& byte = uuid.bytes[digits++ / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | digit);
  }
  return uuid;
}

Uuid Uuid::from_random_bits(std::uint64_t high, std::uint64_t low) {
  Uuid uuid;
  for (int i = 0; i < 8; ++i) {
    uuid.bytes[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    uuid.bytes[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  }
  uuid.bytes[6] = (uuid.bytes[6] & 0x0f) | 0x40;
  uuid.bytes[8] = (uuid.bytes[8] & 0x3f) | 0x80;
  return uuid;
}

std::string Uuid::to_string() const {
  std::string text;
  text.reserve(kTextSize);
  append_text(*this, text);
  return text;
}

void SerdeTraits<Uuid>::encode(const Uuid& value, Bytes& out) { append_text(value, out); }

Uuid SerdeTraits<Uuid>::decode(BytesView in) {
  const std::optional<Uuid> uuid = Uuid::parse(in);
  if (!uuid)
    throw SerdeError(fmt::format("uuid: expected 36 characters such as 6f1b2c9e-…, found {} bytes", in.size()));
  return *uuid;
}

}  // namespace levada
