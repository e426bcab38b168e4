// What is thrown inside a task. Nothing of it leaves the task: at its edge a handler decides, or it becomes a Status.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <absl/status/status.h>

namespace levada {

// A processor threw: which one, and what it said.
class ProcessorError : public std::runtime_error {
 public:
  ProcessorError(const std::string& node, const std::string& what) : std::runtime_error(node + ": " + what) {}
};

// The log, the disk or a fenced client: the task cannot go on, and a processor is not to blame.
class TaskError : public std::runtime_error {
 public:
  explicit TaskError(absl::Status status)
      : std::runtime_error(std::string(status.message())), status_(std::move(status)) {}
  const absl::Status& status() const { return status_; }

 private:
  absl::Status status_;
};

}  // namespace levada
