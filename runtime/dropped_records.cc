#include <utility>

#include <levada/runtime/dropped_records.h>

namespace levada {

DroppedRecords::DroppedRecords(Logger log, const Clock& clock) : log_(std::move(log)), throttle_(clock) {}

void DroppedRecords::add(DropReason reason, const RecordContext& record, std::string_view detail) {
  counts_[static_cast<std::size_t>(reason)].fetch_add(1, std::memory_order_relaxed);
  const std::string_view name = to_string(reason);
  const auto pass = throttle_.admit(name);
  if (!pass) return;
  const std::string_view topic = record.source == nullptr ? std::string_view("none") : record.source->topic;
  const Partition partition = record.source == nullptr ? -1 : record.source->partition;
  log_.warn("record dropped", {{"reason", name},
                               {"topic", topic},
                               {"partition", partition},
                               {"offset", record.offset},
                               {"detail", detail},
                               {"suppressed", pass->suppressed}});
}

std::uint64_t DroppedRecords::count(DropReason reason) const {
  return counts_[static_cast<std::size_t>(reason)].load(std::memory_order_relaxed);
}

std::uint64_t DroppedRecords::total() const {
  std::uint64_t sum = 0;
  for (const auto& count : counts_) sum += count.load(std::memory_order_relaxed);
  return sum;
}

}  // namespace levada
