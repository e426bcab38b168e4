#include <algorithm>

#include <absl/strings/ascii.h>
#include <fmt/format.h>

#include <levada/dsl/graph/names.h>

namespace levada::internal {

namespace {

constexpr std::size_t kDigits = 10;
constexpr std::size_t kMaxNameLength = 249;

bool allowed(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-'; }

}  // namespace

std::string NameGenerator::next(std::string_view prefix) { return fmt::format("{}{:010}", prefix, next_number_++); }

std::string NameGenerator::next_unless(std::string_view given, std::string_view prefix) {
  std::string generated = next(prefix);
  return given.empty() ? generated : std::string(given);
}

bool is_generated_stream_name(std::string_view name) {
  if (!name.starts_with("KSTREAM") || name.size() < kDigits + 1) return false;
  const std::string_view digits = name.substr(name.size() - kDigits);
  return name[name.size() - kDigits - 1] == '-' && std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit);
}

absl::Status check_name(std::string_view what, std::string_view name) {
  const auto wrong = [&](const std::string& why) {
    return absl::InvalidArgumentError(fmt::format("{} '{}': {}", what, name, why));
  };
  if (name.empty()) return wrong("the name is empty");
  if (name == "." || name == "..") return wrong("this cannot be a name");
  if (name.size() > kMaxNameLength) return wrong(fmt::format("the name has more than {} characters", kMaxNameLength));
  if (!std::all_of(name.begin(), name.end(), allowed)) {
    return wrong("only letters, digits, '.', '_' and '-' may stand in a name");
  }
  return absl::OkStatus();
}

}  // namespace levada::internal
