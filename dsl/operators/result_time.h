// For results that are of another time than the record that made them: what is processed below happened then, and
// stores log it so, as in Kafka Streams.
//
//   const ResultTime scope(context, result.timestamp);
//   emit(result);
#pragma once

#include <levada/core/operator_context.h>

namespace levada::internal {

class ResultTime {
 public:
  ResultTime(OperatorContext& context, Timestamp time) : context_(context), before_(context.record()) { set(time); }
  ResultTime(const ResultTime&) = delete;
  ResultTime& operator=(const ResultTime&) = delete;
  ~ResultTime() { set(before_.timestamp); }

 private:
  void set(Timestamp time) {
    if (time == context_.record().timestamp) return;
    RecordContext now = before_;
    now.timestamp = time;
    context_.set_record(now);
  }

  OperatorContext& context_;
  const RecordContext before_;
};

}  // namespace levada::internal
