// What a command of the shell prints, line by line; its stderr is the test's.
//
//   const std::string address = lines_of("./dev broker start").at(0);
//
// Throws std::runtime_error if it cannot be run or fails.
#pragma once

#include <string>
#include <vector>

namespace levada::testing {

std::vector<std::string> lines_of(const std::string& command);

}  // namespace levada::testing
