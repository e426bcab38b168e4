// What is thrown inside a task. Nothing of it leaves the task: at its edge a handler decides, or it becomes a Status.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

#include <absl/status/status.h>

#include <levada/core/bytes.h>

namespace levada {

// A processor threw: which one, and what it said.
class ProcessorError : public std::runtime_error {
 public:
  ProcessorError(const std::string& node, const std::string& what) : std::runtime_error(node + ": " + what) {}
};

// What the exception being handled says, or its type if it is no std::exception. In a catch block only.
std::string current_exception_text();

// The log, the disk or a fenced client: the task cannot go on, and a processor is not to blame.
class TaskError : public std::runtime_error {
 public:
  explicit TaskError(absl::Status status)
      : std::runtime_error(std::string(status.message())), status_(std::move(status)) {}
  const absl::Status& status() const { return status_; }

 private:
  absl::Status status_;
};

// Where the writing of a record failed.
enum class OutputStep { kKey, kValue, kSend };

// A record could not be encoded, or the log refuses it: its topic, and as much of its bytes as there was.
class OutputError : public std::runtime_error {
 public:
  OutputError(OutputStep step, std::string topic, std::exception_ptr cause);

  OutputStep step() const { return step_; }
  const std::string& topic() const { return topic_; }
  const std::exception_ptr& cause() const { return cause_; }
  const NullableBytes& key() const { return key_; }
  const NullableBytes& value() const { return value_; }
  void set_bytes(NullableView key, NullableView value);

 private:
  OutputStep step_;
  std::string topic_;
  std::exception_ptr cause_;
  NullableBytes key_ = std::nullopt;
  NullableBytes value_ = std::nullopt;
};

}  // namespace levada
