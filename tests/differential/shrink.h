// Makes a failing case smaller as long as it fails: drops records, drops steps with all that stands on them, and takes
// steps out of the middle.
//
//   nlohmann::json small = shrink(test_case, [](const nlohmann::json& smaller) { return fails(smaller); });
#pragma once

#include <functional>

#include <nlohmann/json.hpp>

namespace levada::differential {

nlohmann::json shrink(nlohmann::json test_case, const std::function<bool(const nlohmann::json&)>& fails);

}  // namespace levada::differential
