#include <cstdlib>
#include <memory>
#include <typeinfo>

#include <cxxabi.h>
#include <fmt/format.h>

#include <levada/core/exception_handler.h>

namespace levada {
namespace {

std::string name_of(const std::type_info* type) {
  if (type == nullptr) return "an unknown type";
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(type->name(), nullptr, nullptr, &status),
                                                         &std::free);
  return status == 0 ? name.get() : type->name();
}

std::string stack_trace(const ErrorHandlerContext& where, const ErrorDetails& error) {
  const std::string first = error.message ? error.type + ": " + *error.message : error.type;
  return fmt::format("{}\n\tat {} (task {})\n", first, where.processor_node_id, where.task_id);
}

}  // namespace

ErrorDetails describe_error(const std::exception_ptr& exception) {
  ErrorDetails details{.exception = exception};
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& error) {
    details.type = name_of(&typeid(error));
    details.message = error.what();
  } catch (...) {
    details.type = name_of(abi::__cxa_current_exception_type());
  }
  return details;
}

DeadLetter dead_letter(std::string topic, const ErrorHandlerContext& where, const ErrorDetails& error) {
  DeadLetter letter{.topic = std::move(topic), .timestamp = where.timestamp, .headers = where.headers};
  if (where.source_raw_key) letter.key = Bytes(*where.source_raw_key);
  if (where.source_raw_value) letter.value = Bytes(*where.source_raw_value);
  const auto add = [&letter](std::string_view name, NullableBytes value) {
    letter.headers.push_back({std::string(name), std::move(value)});
  };
  add(kExceptionHeader, error.type);
  add(kMessageHeader, error.message);
  add(kStackTraceHeader, stack_trace(where, error));
  add(kTopicHeader, where.topic.empty() ? std::nullopt : NullableBytes(where.topic));
  add(kPartitionHeader, std::to_string(where.partition));
  add(kOffsetHeader, std::to_string(where.offset));
  return letter;
}

}  // namespace levada
