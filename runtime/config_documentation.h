// The reference of all keys in Markdown, made from the tables that check them. docs/configuration.md contains it.
//
//   fmt::print("{}", config_documentation());
#pragma once

#include <string>

namespace levada {

std::string config_documentation();

}  // namespace levada
