// What a node's failures are reported to: the task decides whether it goes on.
//
// Belongs to the task; outlives its nodes. Its functions are called in the catch block of what was thrown: they return
// if the record is dropped, and throw ProcessorError if the task fails.
#pragma once

#include <string>

#include <levada/core/errors.h>
#include <levada/core/processor_wrapper.h>

namespace levada {

class NodeErrors {
 public:
  virtual void on_processing_error(const std::string& node, const AnyRecord& record) = 0;
  virtual void on_output_error(const std::string& node, const AnyRecord& record, const OutputError& error) = 0;

 protected:
  ~NodeErrors() = default;
};

}  // namespace levada
