// The steps of a random topology of the Processor API, see wired_steps.h.
#pragma once

#include <nlohmann/json.hpp>

#include "tests/differential/random.h"

namespace levada::differential {

nlohmann::json random_wiring(Random& random);

}  // namespace levada::differential
