// Spoils a random topology, so that Kafka Streams may refuse it: a name twice, one that is no name, a window of
// nothing.
#pragma once

#include <nlohmann/json.hpp>

#include "tests/differential/random.h"

namespace levada::differential {

// One step of `steps` is changed, if there is one that can be.
void spoil(nlohmann::json& steps, Random& random);

}  // namespace levada::differential
