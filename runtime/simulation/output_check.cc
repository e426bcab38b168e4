#include <algorithm>
#include <utility>

#include <absl/strings/escaping.h>
#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/simulation/output_check.h>

namespace levada::internal {
namespace {

using Values = std::vector<NullableBytes>;
using ByKey = std::map<NullableBytes, Values>;

std::string text(const NullableBytes& bytes) { return in_quotes(bytes ? NullableView(*bytes) : std::nullopt); }

ByKey by_key(const std::vector<TestBytes>& records, OutputComparison comparison) {
  ByKey keys;
  for (const TestBytes& record : records) {
    Values& values = keys[record.key];
    if (comparison == OutputComparison::kLatestOfEachKey) values.clear();
    values.push_back(record.value);
  }
  if (comparison == OutputComparison::kInOrder) return keys;
  if (comparison == OutputComparison::kLatestOfEachKey) {
    std::erase_if(keys, [](const auto& entry) { return !entry.second.front(); });  // deleted, or never there
  }
  for (auto& [key, values] : keys) std::ranges::sort(values);
  return keys;
}

absl::Status differs(const Values& expected, const Values& found) {
  const auto [first, other] = std::ranges::mismatch(expected, found);
  const auto value = [](const Values& values, Values::const_iterator at) {
    return at == values.end() ? std::string("nothing") : text(*at);
  };
  return absl::InternalError(fmt::format("{} values where {} are expected; number {} is {}, not {}", found.size(),
                                         expected.size(), first - expected.begin() + 1, value(found, other),
                                         value(expected, first)));
}

absl::Status check_exact(const Values& expected, const Values& found) {
  return expected == found ? absl::OkStatus() : differs(expected, found);
}

absl::Status check_nothing_is_missing(const Values& expected, const Values& found) {
  for (const NullableBytes& value : expected) {
    if (std::ranges::find(found, value) == found.end()) return absl::InternalError(text(value) + " is missing");
  }
  return absl::OkStatus();
}

absl::Status check_key(const Values& expected, const Values& found, OutputComparison comparison,
                       ProcessingGuarantee guarantee) {
  if (guarantee == ProcessingGuarantee::kExactlyOnceV2) return check_exact(expected, found);
  if (comparison != OutputComparison::kLatestOfEachKey) return check_nothing_is_missing(expected, found);
  return found.empty() ? absl::InternalError("there is no value") : absl::OkStatus();
}

}  // namespace

std::string in_quotes(NullableView bytes) {
  if (!bytes) return "null";
  return fmt::format("\"{}\"", absl::CHexEscape(absl::string_view(bytes->data(), bytes->size())));
}

absl::Status check_output(const std::vector<TestBytes>& expected, const std::vector<TestBytes>& found,
                          OutputComparison comparison, ProcessingGuarantee guarantee) {
  if (comparison == OutputComparison::kNothing) return absl::OkStatus();
  ByKey wanted = by_key(expected, comparison);
  ByKey there = by_key(found, comparison);
  if (guarantee == ProcessingGuarantee::kExactlyOnceV2) {
    for (const auto& [key, values] : there) wanted.try_emplace(key);
  }
  for (const auto& [key, values] : wanted) {
    const absl::Status checked = check_key(values, there[key], comparison, guarantee);
    if (checked.ok()) continue;
    return absl::InternalError(fmt::format("key {}: {}", text(key), std::string(checked.message())));
  }
  return absl::OkStatus();
}

}  // namespace levada::internal
