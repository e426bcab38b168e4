// What becomes of an application one of whose threads has failed.
//
//   options.uncaught_exception_handler = [](const absl::Status& failure) {
//     return absl::IsUnavailable(failure) ? UncaughtExceptionResponse::kReplaceThread
//                                         : UncaughtExceptionResponse::kShutdownClient;
//   };
#pragma once

#include <functional>

#include <absl/status/status.h>

namespace levada {

enum class UncaughtExceptionResponse {
  kReplaceThread,        // another takes its place: what is not committed is done again, and may fail again
  kShutdownClient,       // this instance ends with the error
  kShutdownApplication,  // so do all other instances
};

using UncaughtExceptionHandler = std::function<UncaughtExceptionResponse(const absl::Status& failure)>;

}  // namespace levada
