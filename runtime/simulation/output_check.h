// Whether the output of a run with faults is what its guarantee makes of that of a run without.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include <levada/runtime/simulation.h>
#include <levada/runtime/streams_config.h>

namespace levada::internal {

// Bytes for a message: between quotation marks, what is not printable escaped; or null.
std::string in_quotes(NullableView bytes);

// Of one topic. kInternal with the key, and the first value that differs.
absl::Status check_output(const std::vector<TestBytes>& expected, const std::vector<TestBytes>& found,
                          OutputComparison comparison, ProcessingGuarantee guarantee);

}  // namespace levada::internal
