// What is thrown inside a task. Nothing of it leaves the task: at its edge a handler decides, or it becomes a Status.
#pragma once

#include <stdexcept>
#include <string>

namespace levada {

// A processor threw: which one, and what it said.
class ProcessorError : public std::runtime_error {
 public:
  ProcessorError(const std::string& node, const std::string& what) : std::runtime_error(node + ": " + what) {}
};

// The log, the disk or a fenced client: the task cannot go on, and a processor is not to blame.
class TaskError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace levada
