// How an application answers errors of records: what its configuration says, or handlers of its own.
//
//   TopologyTestDriver driver(topology, {.errors = {.processing = ExceptionHandler::kLogAndContinue,
//                                                   .dead_letter_topic = "orders-dlq"}});
#pragma once

#include <cstdint>
#include <string>

#include <levada/core/exception_handler.h>

namespace levada {

enum class ExceptionHandler : std::uint8_t { kLogAndFail, kLogAndContinue };

struct ErrorPolicy {
  ExceptionHandler deserialization = ExceptionHandler::kLogAndFail;
  ExceptionHandler processing = ExceptionHandler::kLogAndFail;
  ExceptionHandler production = ExceptionHandler::kLogAndFail;
  std::string dead_letter_topic = {};  // where the three above send what fails; empty: nowhere
  bool sends_dead_letters = true;      // false: there is no way out, and they are left away
  ExceptionHandlers handlers = {};     // of the application, each in place of one of the three

  // Somebody may ask for the bytes of a record that failed behind its source.
  bool wants_source_bytes() const {
    return !dead_letter_topic.empty() || handlers.processing != nullptr || handlers.production != nullptr;
  }
};

// What fails ends the task.
const ErrorPolicy& strict_errors();

}  // namespace levada
