// Where the errors of a task's records are decided on: asks the handlers, sends dead letters, counts what is dropped.
//
//   try { … } catch (...) { errors.on_punctuation_error(node); }      // returns: go on. Throws: fail
//
// Belongs to the task, and costs nothing until something is thrown. Used on the task's thread only.
#pragma once

#include <string>

#include <absl/status/status.h>

#include <levada/core/node_errors.h>
#include <levada/core/record_collector.h>
#include <levada/core/record_context.h>
#include <levada/core/source.h>
#include <levada/runtime/dropped_records.h>
#include <levada/runtime/error_policy.h>
#include <levada/runtime/producer.h>

namespace levada {

class TaskErrors final : public NodeErrors {
 public:
  // Everything outlives it; `current` is the task's.
  TaskErrors(const ErrorPolicy& policy, const std::string& task_id, RecordCollector& collector, DroppedRecords& dropped,
             const RecordContext& current)
      : policy_(policy), task_id_(task_id), collector_(collector), dropped_(dropped), current_(current) {}

  bool wants_source_bytes() const { return policy_.wants_source_bytes(); }

  // All of them in the catch block of what was thrown.
  // A record that a source cannot decode: ok if it is to be skipped, and counted then; else kDataLoss.
  absl::Status on_unreadable(const std::string& node, const RawRecord& record, const RecordContext& place);
  void on_processing_error(const std::string& node, const AnyRecord& record) override;
  void on_output_error(const std::string& node, const AnyRecord& record, const OutputError& error) override;
  // At the time of the current record. What was decided on below is thrown on.
  void on_punctuation_error(const std::string& node);
  // Not in a catch block: the log has refused the record later. Ok if it is left out; kAborted if what was done since
  // the last commit is to be done again; else why neither.
  absl::Status on_failed_delivery(const FailedDelivery& failed);

 private:
  ErrorHandlerContext where(const std::string& node, const RecordContext& place) const;
  RecordContext place_of(const AnyRecord& record) const;
  void settle_output(const std::string& node, const RecordContext& place, const OutputError& failure,
                     bool is_retriable = false);
  void settle_processing(const std::string& node, const AnyRecord* record, const RecordContext& place);
  ErrorResponse respond(ExceptionHandler handler, const ErrorHandlerContext& where, const ErrorDetails& error) const;
  void settle(const ErrorResponse& response, const std::string& node, const ErrorDetails& error, DropReason reason,
              const RecordContext& place);
  void send(const std::vector<DeadLetter>& letters);

  const ErrorPolicy& policy_;
  const std::string& task_id_;
  RecordCollector& collector_;
  DroppedRecords& dropped_;
  const RecordContext& current_;
};

}  // namespace levada
