// What a store throws inside a task when its disk fails. A status of kDataLoss means that the files are damaged, and
// that wiping and restoring them helps.
#pragma once

#include <levada/core/errors.h>

namespace levada {

class StoreError : public TaskError {
 public:
  using TaskError::TaskError;
};

}  // namespace levada
