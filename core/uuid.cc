#include <array>

#include <fmt/format.h>

#include <levada/core/uuid.h>

namespace levada {
namespace {

constexpr std::size_t kTextSize = 36;
constexpr char kDigits[] = "0123456789abcdef";

// The value of each character as a hexadecimal digit, 0xff for the others.
constexpr std::array<std::uint8_t, 256> kDigitValues = [] {
  std::array<std::uint8_t, 256> values = {};
  for (std::uint8_t& value : values) value = 0xff;
  for (std::uint8_t digit = 0; digit < 16; ++digit) {
    values[static_cast<unsigned char>(kDigits[digit])] = digit;
    if (digit >= 10) values[static_cast<unsigned char>('A' + digit - 10)] = digit;
  }
  return values;
}();

// Where the two digits of each byte stand.
constexpr std::array<std::uint8_t, 16> kPlaces = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

std::uint8_t digit_value(char c) { return kDigitValues[static_cast<unsigned char>(c)]; }

void append_text(const Uuid& uuid, std::string& out) {
  std::array<char, kTextSize> text;
  text.fill('-');
  for (std::size_t i = 0; i < kPlaces.size(); ++i) {
    text[kPlaces[i]] = kDigits[uuid.bytes[i] >> 4];
    text[kPlaces[i] + 1] = kDigits[uuid.bytes[i] & 0xf];
  }
  out.append(text.data(), text.size());
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != kTextSize) return std::nullopt;
  if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
  Uuid uuid;
  std::uint8_t bad = 0;
  for (std::size_t i = 0; i < kPlaces.size(); ++i) {
    const std::uint8_t high = digit_value(text[kPlaces[i]]);
    const std::uint8_t low = digit_value(text[kPlaces[i] + 1]);
    bad |= high | low;
    uuid.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  if (bad > 0xf) return std::nullopt;
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
