// What becomes of records that a thread has sent and that the log refuses later: the production exception handler is
// asked, though nobody knows any more which record and which node they came from. A record of a changelog is never left
// out: the state would be lost with the next restore. It may be tried again, though.
//
//   DeliveryErrors errors(application_id, policy, collector, dropped, LostWith::kNothing);
//   producer.set_delivery_listener(&errors);
//
// Within a transaction nothing can be left out any more once it was sent: the transaction is lost with it. It is done
// again, and the record is then refused at its sink (refused_records.h).
//
// Owned by the thread.
#pragma once

#include <cstdint>
#include <string>

#include <levada/runtime/producer.h>
#include <levada/runtime/producer_collector.h>
#include <levada/runtime/task_errors.h>

namespace levada {

enum class LostWith : std::uint8_t { kNothing, kTransaction };

class DeliveryErrors final : public DeliveryListener {
 public:
  // All of them outlive it.
  DeliveryErrors(const std::string& application_id, const ErrorPolicy& policy, ProducerCollector& collector,
                 DroppedRecords& dropped, LostWith lost_with)
      : application_id_(application_id),
        lost_with_(lost_with),
        collector_(collector),
        errors_(policy, no_task_, collector, dropped, no_record_) {}

  absl::Status on_failed_delivery(const FailedDelivery& failed) override {
    const bool is_changelog = failed.topic.starts_with(application_id_ + "-") && failed.topic.ends_with("-changelog");
    const bool is_retriable = absl::IsAborted(failed.reason);
    if (is_changelog && !is_retriable) return failed.reason;
    if (lost_with_ == LostWith::kTransaction && !is_retriable) {
      collector_.refused().add(failed);
      return absl::AbortedError(failed.reason.message());
    }
    const absl::Status settled = errors_.on_failed_delivery(failed);
    return is_changelog && settled.ok() ? absl::InternalError(failed.reason.message()) : settled;
  }

 private:
  const std::string& application_id_;
  const LostWith lost_with_;
  const std::string no_task_ = {};
  const RecordContext no_record_ = {};
  ProducerCollector& collector_;
  TaskErrors errors_;
};

}  // namespace levada
