// The topics that the steps of a case read.
#pragma once

#include <set>
#include <string>

#include <nlohmann/json.hpp>

namespace levada::differential {

std::set<std::string> topics_read(const nlohmann::json& steps);

}  // namespace levada::differential
