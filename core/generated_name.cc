#include <algorithm>
#include <array>

#include <absl/strings/ascii.h>

#include <levada/core/generated_name.h>

namespace levada::internal {
namespace {

constexpr std::size_t kDigits = 10;
constexpr std::array<std::string_view, 3> kPrefixes = {"KSTREAM-", "KTABLE-", "COGROUPKSTREAM-"};
constexpr std::string_view kTableStore = "-STATE-STORE-";

// Where "-0123456789" stands, with a dash or nothing behind.
std::size_t find_number(std::string_view name) {
  for (std::size_t dash = name.find('-'); dash != std::string_view::npos; dash = name.find('-', dash + 1)) {
    const std::string_view rest = name.substr(dash + 1);
    if (rest.size() < kDigits || (rest.size() > kDigits && rest[kDigits] != '-')) continue;
    if (std::all_of(rest.begin(), rest.begin() + kDigits, absl::ascii_isdigit)) return dash;
  }
  return std::string_view::npos;
}

}  // namespace

bool is_generated_name(std::string_view name) {
  const bool prefixed = std::any_of(kPrefixes.begin(), kPrefixes.end(),
                                    [&](std::string_view prefix) { return name.starts_with(prefix); });
  const bool usual = prefixed || name.find(kTableStore) != std::string_view::npos;
  return usual && find_number(name) != std::string_view::npos;
}

std::string without_number(std::string_view name) {
  const std::size_t at = find_number(name);
  std::string rest(name);
  if (at != std::string_view::npos) rest.erase(at, kDigits + 1);
  return rest;
}

}  // namespace levada::internal
