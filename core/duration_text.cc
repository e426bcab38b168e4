#include <array>
#include <cstddef>
#include <optional>

#include <absl/status/status.h>
#include <fmt/format.h>

#include <levada/core/duration_text.h>
#include <levada/core/text.h>

namespace levada {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr std::array<Unit, 5> kDurationUnits = {
    {{"d", 86'400'000}, {"h", 3'600'000}, {"min", 60'000}, {"s", 1'000}, {"ms", 1}}};

constexpr std::array<Unit, 4> kBinaryUnits = {
    {{"TiB", std::int64_t{1} << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}};

constexpr std::array<Unit, 5> kDecimalUnits = {
    {{"TB", 1'000'000'000'000}, {"GB", 1'000'000'000}, {"MB", 1'000'000}, {"kB", 1'000}, {"B", 1}}};

absl::Status bad_duration(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is not a duration: {} (write 10min, 24h, 1h30min, 500ms)", text, why));
}

absl::Status bad_size(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is not a size: {} (write 512MiB, 1GiB or a number of bytes)", text, why));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Takes the characters at the front of `rest` for which `belongs` holds.
std::string_view take_while(std::string_view& rest, bool (*belongs)(char)) {
  std::size_t length = 0;
  while (length < rest.size() && belongs(rest[length])) ++length;
  const std::string_view taken = rest.substr(0, length);
  rest.remove_prefix(length);
  return taken;
}

bool multiply_add(std::int64_t& sum, std::int64_t count, std::int64_t factor) {
  std::int64_t product = 0;
  return !__builtin_mul_overflow(count, factor, &product) && !__builtin_add_overflow(sum, product, &sum);
}

std::size_t duration_unit(std::string_view name) {
  std::size_t index = 0;
  while (index < kDurationUnits.size() && kDurationUnits[index].name != name) ++index;
  return index;
}

std::int64_t size_factor(std::string_view name) {
  if (name.empty()) return 1;
  for (const Unit& unit : kBinaryUnits) {
    if (internal::equals_ignoring_case(unit.name, name)) return unit.factor;
  }
  for (const Unit& unit : kDecimalUnits) {
    if (internal::equals_ignoring_case(unit.name, name)) return unit.factor;
  }
  return 0;
}

}  // namespace

absl::StatusOr<Duration> parse_duration(std::string_view text) {
  std::string_view rest = internal::trim(text);
  if (rest.empty()) return bad_duration(text, "it is empty");
  std::int64_t sum = 0;
  for (std::size_t next_unit = 0; !rest.empty();) {
    const std::string_view digits = take_while(rest, is_digit);
    if (digits.empty()) return bad_duration(text, "a number is missing");
    const std::string_view name = take_while(rest, is_letter);
    if (name.empty()) return bad_duration(text, "the unit is missing");
    const std::size_t unit = duration_unit(name);
    if (unit == kDurationUnits.size()) {
      return bad_duration(text, fmt::format("unknown unit \"{}\", units are d, h, min, s, ms", name));
    }
    if (unit < next_unit) return bad_duration(text, "units go from large to small, each once");
    next_unit = unit + 1;
    const std::optional<std::int64_t> count = internal::parse_integer(digits);
    if (!count || !multiply_add(sum, *count, kDurationUnits[unit].factor)) {
      return bad_duration(text, "it is too large");
    }
  }
  return Duration(sum);
}

std::string format_duration(Duration duration) {
  if (duration == Duration::zero()) return "0ms";
  if (duration == Duration::min()) return fmt::format("{}ms", duration.count());
  if (duration < Duration::zero()) return "-" + format_duration(-duration);
  std::string text;
  std::int64_t rest = duration.count();
  for (const Unit& unit : kDurationUnits) {
    if (rest >= unit.factor) text += fmt::format("{}{}", rest / unit.factor, unit.name);
    rest %= unit.factor;
  }
  return text;
}

absl::StatusOr<std::int64_t> parse_size(std::string_view text) {
  std::string_view rest = internal::trim(text);
  const std::string_view digits = take_while(rest, is_digit);
  if (digits.empty()) return bad_size(text, "a number is missing");
  const std::int64_t factor = size_factor(internal::trim(rest));
  if (factor == 0) return bad_size(text, fmt::format("unknown unit \"{}\"", rest));
  const std::optional<std::int64_t> count = internal::parse_integer(digits);
  std::int64_t bytes = 0;
  if (!count || !multiply_add(bytes, *count, factor)) {
    return bad_size(text, "it is too large");
  }
  return bytes;
}

std::string format_size(std::int64_t bytes) {
  for (const Unit& unit : kBinaryUnits) {
    if (bytes != 0 && bytes % unit.factor == 0) return fmt::format("{}{}", bytes / unit.factor, unit.name);
  }
  return std::to_string(bytes);
}

}  // namespace levada
