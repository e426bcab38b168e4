// What becomes of a record that fails: an application's own answers to exceptions, in place of those that
// deserialization.exception.handler, processing.exception.handler and production.exception.handler name.
//
//   ExceptionHandlers handlers;
//   handlers.processing = [](const ErrorHandlerContext& where, const AnyRecord*, const ErrorDetails& error) {
//     if (error.type == "UnknownProduct") return ErrorResponse::resume({dead_letter("orders-dlq", where, error)});
//     return ErrorResponse::fail();
//   };
//   StreamsApp::start(builder.build(), config, {.exception_handlers = handlers});
//
// A handler is called on the threads that process, by several at once if there are several. What it throws is an error
// of the task. Errors of log and disk are no exceptions of a record, and never come here.
#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <levada/core/bytes.h>
#include <levada/core/dead_letter.h>
#include <levada/core/errors.h>
#include <levada/core/headers.h>
#include <levada/core/processor_wrapper.h>
#include <levada/core/source.h>
#include <levada/core/time.h>
#include <levada/core/topic_partition.h>

namespace levada {

// Where it happened. A view, for the length of the call.
struct ErrorHandlerContext {
  std::string_view topic = {};  // that the record came from; empty where no record did, as in a punctuation
  Partition partition = -1;
  Offset offset = kUnknownOffset;
  const Headers& headers = no_headers();  // of the record at the node
  std::string_view processor_node_id = {};
  std::string_view task_id = {};
  Timestamp timestamp = kNoTimestamp;  // of the record at the node
  // The record as it was read from the topic; null where it is known no longer.
  NullableView source_raw_key = std::nullopt;
  NullableView source_raw_value = std::nullopt;
};

// What was thrown.
struct ErrorDetails {
  std::string type = {};                              // "std::invalid_argument"
  std::optional<std::string> message = std::nullopt;  // none if it is no std::exception
  std::exception_ptr exception = nullptr;
  // Of a record that could not be written: brokers did not take it in time, and might if it were sent again.
  bool is_retriable = false;
};

ErrorDetails describe_error(const std::exception_ptr& exception);

// What to do, and what to write to dead-letter topics before. A task that tries again begins anew from what it has
// committed; this is an answer to errors that are retriable, and means to fail elsewhere.
struct ErrorResponse {
  enum class Answer { kContinue, kFail, kRetry };

  static ErrorResponse resume(std::vector<DeadLetter> letters = {}) { return {Answer::kContinue, std::move(letters)}; }
  static ErrorResponse fail(std::vector<DeadLetter> letters = {}) { return {Answer::kFail, std::move(letters)}; }
  static ErrorResponse retry() { return {Answer::kRetry}; }

  Answer answer = Answer::kFail;
  std::vector<DeadLetter> dead_letters = {};
};

// A record that could not be written.
struct FailedOutput {
  std::string_view topic = {};
  OutputStep step = OutputStep::kSend;
  // As far as there are bytes.
  NullableView key = std::nullopt;
  NullableView value = std::nullopt;
};

struct ExceptionHandlers {
  using Deserialization =
      std::function<ErrorResponse(const ErrorHandlerContext&, const RawRecord&, const ErrorDetails&)>;
  // The record that the node was given; null in a punctuation.
  using Processing = std::function<ErrorResponse(const ErrorHandlerContext&, const AnyRecord*, const ErrorDetails&)>;
  using Production = std::function<ErrorResponse(const ErrorHandlerContext&, const FailedOutput&, const ErrorDetails&)>;

  Deserialization deserialization = {};
  Processing processing = {};
  Production production = {};
};

// The record that `where` speaks of for a dead-letter topic, in Kafka Streams' format (dead_letter.h).
DeadLetter dead_letter(std::string topic, const ErrorHandlerContext& where, const ErrorDetails& error);

}  // namespace levada
