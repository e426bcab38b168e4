// What becomes of records that a thread has sent and that the log refuses later: the production exception handler is
// asked, though nobody knows any more which record and which node they came from. A record of a changelog is never left
// out: the state would be lost with the next restore.
//
//   DeliveryErrors errors(application_id, policy, collector, dropped);
//   producer.set_delivery_listener(&errors);
//
// Owned by the thread.
#pragma once

#include <string>

#include <levada/runtime/producer.h>
#include <levada/runtime/task_errors.h>

namespace levada {

class DeliveryErrors final : public DeliveryListener {
 public:
  // All of them outlive it.
  DeliveryErrors(const std::string& application_id, const ErrorPolicy& policy, RecordCollector& collector,
                 DroppedRecords& dropped)
      : application_id_(application_id), errors_(policy, no_task_, collector, dropped, no_record_) {}

  absl::Status on_failed_delivery(const FailedDelivery& failed) override {
    const bool is_changelog = failed.topic.starts_with(application_id_ + "-") && failed.topic.ends_with("-changelog");
    return is_changelog ? failed.reason : errors_.on_failed_delivery(failed);
  }

 private:
  const std::string& application_id_;
  const std::string no_task_ = {};
  const RecordContext no_record_ = {};
  TaskErrors errors_;
};

}  // namespace levada
