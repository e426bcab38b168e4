// Names that Kafka Streams' builder generates, of steps, stores and repartition topics: they carry a number, and change
// when something is added in front of them.
//
//   is_generated_name("KSTREAM-AGGREGATE-STATE-STORE-0000000003-repartition")      // true
//   without_number("KSTREAM-AGGREGATE-0000000004")                                 // "KSTREAM-AGGREGATE"
#pragma once

#include <string>
#include <string_view>

namespace levada::internal {

bool is_generated_name(std::string_view name);

// A name without the number in it, whoever gave it.
std::string without_number(std::string_view name);

}  // namespace levada::internal
