#include <utility>

#include <levada/core/errors.h>
#include <levada/core/exception_handler.h>

namespace levada {
namespace {

std::string text_of(const std::exception_ptr& exception) {
  const ErrorDetails details = describe_error(exception);
  return details.message.value_or(details.type + " was thrown");
}

}  // namespace

std::string current_exception_text() { return text_of(std::current_exception()); }

OutputError::OutputError(OutputStep step, std::string topic, std::exception_ptr cause)
    : std::runtime_error(text_of(cause)), step_(step), topic_(std::move(topic)), cause_(std::move(cause)) {}

void OutputError::set_bytes(NullableView key, NullableView value) {
  if (key) key_ = Bytes(*key);
  if (value) value_ = Bytes(*value);
}

}  // namespace levada
