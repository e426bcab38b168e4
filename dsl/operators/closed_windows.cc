#include <levada/dsl/operators/closed_windows.h>

namespace levada::internal {

ClosedWindows::ClosedWindows(OperatorContext& context, const std::string& store, EmitStrategy strategy)
    : context_(context), strategy_(strategy), last_(context.processor_time(store)), next_(Timestamp::min()) {}

bool ClosedWindows::are_due(Timestamp closed_at) {
  if (!are_awaited() || closed_at <= last_) return false;
  const Timestamp now = context_.wall_clock_time();
  if (now < next_) return false;
  next_ = now + context_.emit_intervals().closed_windows;
  return true;
}

}  // namespace levada::internal
