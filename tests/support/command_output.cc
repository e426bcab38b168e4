#include "tests/support/command_output.h"

#include <array>
#include <cstdio>
#include <sstream>
#include <stdexcept>

namespace levada::testing {

std::vector<std::string> lines_of(const std::string& command) {
  FILE* out = popen(command.c_str(), "r");
  if (out == nullptr) throw std::runtime_error("cannot run " + command);
  std::stringstream text;
  for (std::array<char, 4096> block{}; fgets(block.data(), block.size(), out) != nullptr;) text << block.data();
  if (pclose(out) != 0) throw std::runtime_error("failed: " + command);
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

}  // namespace levada::testing
