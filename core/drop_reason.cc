#include <levada/core/operator_context.h>

namespace levada {

const char* to_string(DropReason reason) {
  switch (reason) {
    case DropReason::kNullKey:
      return "null key";
    case DropReason::kNullValue:
      return "null value";
    case DropReason::kLate:
      return "late";
    case DropReason::kDeserialization:
      return "deserialization";
    case DropReason::kInvalidTimestamp:
      return "invalid timestamp";
    case DropReason::kNoPartition:
      return "no partition";
    case DropReason::kProcessing:
      return "processing";
    case DropReason::kProduction:
      return "production";
    case DropReason::kOutdated:
      return "outdated";
  }
  return "unknown";
}

}  // namespace levada
