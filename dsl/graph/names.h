// The names of operators and stores, as Kafka Streams generates them: a prefix and a number of ten digits, one counter
// for everything in a builder. A Java application finds its topics again only if every number is the same.
//
//   NameGenerator names;
//   names.next("KSTREAM-FILTER-");                     // KSTREAM-FILTER-0000000000
//   names.next_unless("large", "KSTREAM-FILTER-");     // large, but the number is used up all the same
#pragma once

#include <string>
#include <string_view>

#include <absl/status/status.h>

namespace levada::internal {

// At the end of every repartition topic's name.
inline constexpr std::string_view kRepartitionSuffix = "-repartition";

class NameGenerator {
 public:
  std::string next(std::string_view prefix);
  std::string next_unless(std::string_view given, std::string_view prefix);

 private:
  int next_number_ = 0;
};

// True for what a NameGenerator made for an operator or store of a stream.
bool is_generated_stream_name(std::string_view name);

// kInvalidArgument unless Kafka takes the name, of a node, a store or a topic: letters, digits, `.`, `_`, `-`, at most
// 249 of them, and neither "." nor "..".
absl::Status check_name(std::string_view what, std::string_view name);

}  // namespace levada::internal
