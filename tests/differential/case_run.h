// Runs a case in Levada's TopologyTestDriver, and tells what came of it in the form in which the reference tells it:
// {"describe", "records": [{"after", "topic", "key", "value", "time", "headers"}], "dropped"}, {"refused"} if it is no
// topology, {"invalid"} if it is no case, or {"error"}.
#pragma once

#include <nlohmann/json.hpp>

namespace levada::differential {

nlohmann::json run_case(const nlohmann::json& test_case);

}  // namespace levada::differential
