// Hand a failed absl::Status or StatusOr to the caller, so that the good path reads straight down.
//
//   absl::Status open_all(const Options& options) {
//     LEVADA_RETURN_IF_ERROR(check(options));
//     LEVADA_ASSIGN_OR_RETURN(Store store, open_store(options.path));
//     return use(store);
//   }
//
// For Levada's own .cc files: nothing here is part of the public interface, and no public header includes it.
// The enclosing function returns absl::Status or an absl::StatusOr. ASSIGN_OR_RETURN declares or assigns its first
// argument in the enclosing scope; give a type that contains a comma an alias first.
#pragma once

#include <utility>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace levada::internal {

inline const absl::Status& status_of(const absl::Status& status) { return status; }

template <typename T>
const absl::Status& status_of(const absl::StatusOr<T>& result) {
  return result.status();
}

}  // namespace levada::internal

#define LEVADA_STATUS_CONCAT_INNER(a, b) a##b
#define LEVADA_STATUS_CONCAT(a, b) LEVADA_STATUS_CONCAT_INNER(a, b)

#define LEVADA_RETURN_IF_ERROR(expression)                                       \
  do {                                                                           \
    if (auto&& levada_status = (expression); !levada_status.ok()) [[unlikely]] { \
      return ::levada::internal::status_of(levada_status);                       \
    }                                                                            \
  } while (false)

#define LEVADA_ASSIGN_OR_RETURN(target, expression) \
  LEVADA_ASSIGN_OR_RETURN_AS(LEVADA_STATUS_CONCAT(levada_result_, __LINE__), target, expression)

#define LEVADA_ASSIGN_OR_RETURN_AS(result, target, expression) \
  auto result = (expression);                                  \
  if (!result.ok()) [[unlikely]] {                             \
    return std::move(result).status();                         \
  }                                                            \
  target = *std::move(result)
