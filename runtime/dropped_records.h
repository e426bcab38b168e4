// Counts the records that went no further, by reason, and tells the log about them.
//
//   dropped.add(DropReason::kLate, context.record());
//   dropped.count(DropReason::kLate)
//
// Written by the thread that processes, read by any.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

#include <levada/core/log.h>
#include <levada/core/log_throttle.h>
#include <levada/core/operator_context.h>
#include <levada/core/record_context.h>

namespace levada {

class DroppedRecords {
 public:
  // The clock must outlive it.
  DroppedRecords(Logger log, const Clock& clock);

  // `detail` says more than the reason does: what a serde expected, for instance.
  void add(DropReason reason, const RecordContext& record, std::string_view detail = {});

  std::uint64_t count(DropReason reason) const;
  std::uint64_t total() const;

 private:
  Logger log_;
  LogThrottle throttle_;  // poison comes in millions
  std::array<std::atomic<std::uint64_t>, kDropReasons> counts_ = {};
};

}  // namespace levada
