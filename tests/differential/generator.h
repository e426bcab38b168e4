// Makes cases: a random topology of the operators there are, with options, and random records for its topics. The same
// seed makes the same case.
//
//   nlohmann::json test_case = generate(4711);
//
// A case is {"seed", "caching", "optimized", "with_headers", "upgrade_from", "wired", "spoilt", "steps": [{"op", "of",
// "as", …}], "records": [{"topic", "key", "value", "time", "headers"} or {"advance"}]}. A step takes what the steps
// before it made, by the names of its fields "of" and "with", and gives its own a name: "as". The steps of a wired case
// are those of the Processor API. A spoilt one is likely to be refused.
#pragma once

#include <cstdint>

#include <nlohmann/json.hpp>

namespace levada::differential {

nlohmann::json generate(std::uint64_t seed);

}  // namespace levada::differential
