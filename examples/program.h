// What every program here does the same way: turn a failure into one line on stderr.
//
//   int main(int argc, char** argv) { …; return examples::exit_code_of([&] { run(options); }); }
#pragma once

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/duration_text.h>

namespace examples {

inline void throw_on(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
}

template <class T>
T value_or_throw(absl::StatusOr<T> value) {
  throw_on(value.status());
  return *std::move(value);
}

inline levada::Duration duration_or_throw(const std::string& text) {
  return value_or_throw(levada::parse_duration(text));
}

inline int exit_code_of(absl::FunctionRef<int()> body) {
  try {
    return body();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}

}  // namespace examples
