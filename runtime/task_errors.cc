#include <utility>

#include <fmt/format.h>

#include <levada/runtime/task_errors.h>

namespace levada {
namespace {

std::string text_of(const ErrorDetails& error) { return error.message.value_or(error.type + " was thrown"); }

// What the handler itself throws is not to be handled again.
template <class Ask>
ErrorResponse ask(const std::string& node, const Ask& handler) {
  try {
    return handler();
  } catch (...) {
    throw ProcessorError(node, "an exception handler failed: " + current_exception_text());
  }
}

}  // namespace

const ErrorPolicy& strict_errors() {
  static const ErrorPolicy policy;
  return policy;
}

absl::Status TaskErrors::on_unreadable(const std::string& node, const RawRecord& record, const RecordContext& place) {
  const ErrorDetails error = describe_error(std::current_exception());
  const std::string text = text_of(error);
  ErrorHandlerContext context = where(node, place);
  context.source_raw_key = record.key;
  context.source_raw_value = record.value;
  ErrorResponse response;
  try {
    response = policy_.handlers.deserialization
                   ? ask(node, [&] { return policy_.handlers.deserialization(context, record, error); })
                   : respond(policy_.deserialization, context, error);
    send(response.dead_letters);
  } catch (const TaskError& failure) {
    return failure.status();
  } catch (const ProcessorError& failure) {
    return absl::InternalError(
        fmt::format("{} offset {}: {}", place.source->to_string(), place.offset, failure.what()));
  }
  if (response.answer == ErrorResponse::Answer::kContinue) {
    dropped_.add(DropReason::kDeserialization, place, text);
    return absl::OkStatus();
  }
  return absl::DataLossError(
      fmt::format("{} offset {}: {} ({}); deserialization.exception.handler says to fail, log-and-continue would "
                  "skip such records",
                  place.source->to_string(), place.offset, text, to_string(DropReason::kDeserialization)));
}

void TaskErrors::on_processing_error(const std::string& node, const AnyRecord& record) {
  settle_processing(node, &record, place_of(record));
}

void TaskErrors::on_punctuation_error(const std::string& node) {
  try {
    throw;
  } catch (const ProcessorError&) {
    throw;
  } catch (const TaskError&) {
    throw;
  } catch (...) {
    settle_processing(node, nullptr, current_);
  }
}

void TaskErrors::settle_processing(const std::string& node, const AnyRecord* record, const RecordContext& place) {
  const ErrorDetails error = describe_error(std::current_exception());
  const ErrorHandlerContext context = where(node, place);
  const ErrorResponse response = policy_.handlers.processing
                                     ? ask(node, [&] { return policy_.handlers.processing(context, record, error); })
                                     : respond(policy_.processing, context, error);
  settle(response, node, error, DropReason::kProcessing, place);
}

void TaskErrors::on_output_error(const std::string& node, const AnyRecord& record, const OutputError& error) {
  settle_output(node, place_of(record), error);
}

absl::Status TaskErrors::on_failed_delivery(const FailedDelivery& failed) {
  OutputError error(OutputStep::kSend, std::string(failed.topic), std::make_exception_ptr(TaskError(failed.reason)));
  error.set_bytes(failed.key, failed.value);
  try {
    settle_output({}, {.timestamp = failed.timestamp, .headers = &failed.headers}, error,
                  absl::IsAborted(failed.reason));
    return absl::OkStatus();
  } catch (const TaskError& failure) {
    return failure.status();
  } catch (...) {
    return absl::IsAborted(failed.reason) ? absl::InternalError(failed.reason.message()) : failed.reason;
  }
}

void TaskErrors::settle_output(const std::string& node, const RecordContext& place, const OutputError& failure,
                               bool is_retriable) {
  ErrorDetails error = describe_error(failure.cause());
  error.is_retriable = is_retriable;
  const ErrorHandlerContext context = where(node, place);
  const auto view = [](const NullableBytes& bytes) { return bytes ? NullableView(*bytes) : std::nullopt; };
  const FailedOutput output{failure.topic(), failure.step(), view(failure.key()), view(failure.value())};
  const ErrorResponse response = policy_.handlers.production
                                     ? ask(node, [&] { return policy_.handlers.production(context, output, error); })
                                     : respond(policy_.production, context, error);
  settle(response, node, error, DropReason::kProduction, place);
}

ErrorHandlerContext TaskErrors::where(const std::string& node, const RecordContext& place) const {
  ErrorHandlerContext context{
      .headers = *place.headers, .processor_node_id = node, .task_id = task_id_, .timestamp = place.timestamp};
  if (place.source == nullptr) return context;
  context.topic = place.source->topic;
  context.partition = place.source->partition;
  context.offset = place.offset;
  if (place.source_bytes == nullptr) return context;
  context.source_raw_key = place.source_bytes->key;
  context.source_raw_value = place.source_bytes->value;
  return context;
}

// Where the current record came from, and as what it reached the node.
RecordContext TaskErrors::place_of(const AnyRecord& record) const {
  RecordContext place = current_;
  place.timestamp = record.timestamp();
  place.headers = &record.headers();
  return place;
}

ErrorResponse TaskErrors::respond(ExceptionHandler handler, const ErrorHandlerContext& where,
                                  const ErrorDetails& error) const {
  if (error.is_retriable) return ErrorResponse::retry();
  std::vector<DeadLetter> letters;
  if (!policy_.dead_letter_topic.empty()) letters.push_back(dead_letter(policy_.dead_letter_topic, where, error));
  if (handler == ExceptionHandler::kLogAndContinue) return ErrorResponse::resume(std::move(letters));
  return ErrorResponse::fail(std::move(letters));
}

void TaskErrors::settle(const ErrorResponse& response, const std::string& node, const ErrorDetails& error,
                        DropReason reason, const RecordContext& place) {
  send(response.dead_letters);
  const std::string text = text_of(error);
  if (response.answer == ErrorResponse::Answer::kRetry && error.is_retriable) throw TaskError(absl::AbortedError(text));
  if (response.answer != ErrorResponse::Answer::kContinue) throw ProcessorError(node, text);
  dropped_.add(reason, place, node + ": " + text);
}

void TaskErrors::send(const std::vector<DeadLetter>& letters) {
  if (!policy_.sends_dead_letters) return;
  for (const DeadLetter& letter : letters) {
    const auto view = [](const NullableBytes& bytes) { return bytes ? NullableView(*bytes) : std::nullopt; };
    try {
      collector_.send(collector_.topic(letter.topic), {.key = view(letter.key),
                                                       .value = view(letter.value),
                                                       .timestamp = letter.timestamp,
                                                       .headers = &letter.headers,
                                                       .partition = letter.partition});
    } catch (const OutputError& error) {
      throw TaskError(absl::InvalidArgumentError("dead letter: " + std::string(error.what())));
    }
  }
}

}  // namespace levada
