// For what happens as another record than the one that is being processed, however it ends.
//
//   const RecordScope scope(context, {.timestamp = row.timestamp});
//   compute(row);                                                       // sees that record as the current one
#pragma once

#include <levada/core/operator_context.h>

namespace levada::internal {

class RecordScope {
 public:
  RecordScope(OperatorContext& context, const RecordContext& record) : context_(context), before_(context.record()) {
    context_.set_record(record);
  }
  RecordScope(const RecordScope&) = delete;
  RecordScope& operator=(const RecordScope&) = delete;
  ~RecordScope() { context_.set_record(before_); }

 private:
  OperatorContext& context_;
  const RecordContext before_;
};

}  // namespace levada::internal
