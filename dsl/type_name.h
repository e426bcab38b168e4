// The name of a type as a user would write it, for messages.
//
//   type_name<std::optional<std::string>>()      // "std::optional<std::string>"
#pragma once

#include <string>
#include <string_view>

namespace levada::internal {

// `function` is what the compiler calls a function template with one parameter T.
std::string type_name_in(std::string_view function);

template <class T>
std::string type_name() {
  return type_name_in(__PRETTY_FUNCTION__);
}

}  // namespace levada::internal
