// The levada program: finds the command that its arguments name, runs it, and tells what went wrong.
//
//   return run_program({"lag", "--group", "orders"}, surroundings);      // the exit code
#pragma once

#include <string>
#include <vector>

#include "tools/levada/surroundings.h"

namespace levada {

int run_program(std::vector<std::string> arguments, Surroundings& surroundings);

}  // namespace levada
