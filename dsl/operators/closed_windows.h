// When results go on that wait for the close of their windows: at most once in an interval of the wall clock, and only
// if event time has closed windows since the last time. How far they have gone on is committed with the offsets, so
// that a restart repeats none of them.
//
//   ClosedWindows closed(context, "counts", EmitStrategy::on_window_close());
//   if (closed.are_due(stream_time - grace)) {              // after each record
//     … what was closed between closed.last() and then …
//     closed.set_emitted(stream_time - grace);
//   }
#pragma once

#include <string>

#include <levada/core/operator_context.h>
#include <levada/dsl/emit_strategy.h>

namespace levada::internal {

class ClosedWindows {
 public:
  // Refers to the context's memory of `store`.
  ClosedWindows(OperatorContext& context, const std::string& store, EmitStrategy strategy);

  bool are_awaited() const { return strategy_.is_on_window_close(); }

  // `closed_at` is the time at which windows that end then are closed.
  bool are_due(Timestamp closed_at);

  // kNoTimestamp before the first time.
  Timestamp last() const { return last_; }
  void set_emitted(Timestamp closed_at) { last_ = closed_at; }

 private:
  OperatorContext& context_;
  const EmitStrategy strategy_;
  Timestamp& last_;
  Timestamp next_;  // on the wall clock
};

}  // namespace levada::internal
