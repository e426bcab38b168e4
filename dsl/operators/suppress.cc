#include <fmt/format.h>

#include <levada/dsl/operators/suppress.h>

namespace levada::internal {

void throw_buffer_is_full(const std::string& node, ChangeBuffer& buffer, const BufferLimits& limits) {
  throw std::runtime_error(fmt::format(
      "{}: the buffer exceeds its limits: {} of {} records, {} of {} bytes; give it more, or a shorter grace", node,
      buffer.size(), limits.records, buffer.bytes(), limits.bytes));
}

}  // namespace levada::internal
