#include <algorithm>
#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/standby_task.h>

namespace levada {

void StandbyTask::Changelog::push(const LogRecord& record, Instant now) {
  if (record.offset >= limit) return;
  if (gathered.empty()) since = now;
  gathered.push(record);
  next = record.offset + 1;
}

// Behind what cannot be read, which has no records.
void StandbyTask::Changelog::reached_end(Offset end) { next = std::max(next, std::min(end, limit)); }

StandbyTask::StandbyTask(std::unique_ptr<Task> task, std::deque<Changelog> changelogs, const Consumer& reader,
                         StandbyUpdateListener* listener)
    : task_(std::move(task)), changelogs_(std::move(changelogs)), reader_(reader), listener_(listener) {
  if (listener_ == nullptr) return;
  for (const Changelog& each : changelogs_) listener_->on_update_start(each.of.partition, each.of.store, each.next);
}

StandbyTask::~StandbyTask() {
  if (task_ != nullptr) tell_end(StandbySuspendReason::kMigrated);
}

Offset StandbyTask::end_of(const Changelog& changelog) const {
  return std::max(changelog.next, std::min(reader_.last_known_end(changelog.of.partition), changelog.limit));
}

std::uint64_t StandbyTask::lag() const {
  std::uint64_t lag = 0;
  for (const Changelog& each : changelogs_) lag += static_cast<std::uint64_t>(end_of(each) - each.next);
  return lag;
}

absl::StatusOr<std::uint64_t> StandbyTask::apply(Changelog& changelog) {
  LEVADA_ASSIGN_OR_RETURN(const std::uint64_t records,
                          restore_from(changelog.gathered, changelog.of.store, changelog.next, *task_));
  if (listener_ != nullptr && records > 0) {
    listener_->on_batch_loaded(changelog.of.partition, changelog.of.store, task_->id(), changelog.next, records,
                               end_of(changelog));
  }
  return records;
}

std::unique_ptr<Task> StandbyTask::promote() {
  tell_end(StandbySuspendReason::kPromoted);
  return std::move(task_);
}

void StandbyTask::tell_end(StandbySuspendReason reason) {
  if (listener_ == nullptr) return;
  for (const Changelog& each : changelogs_) {
    listener_->on_update_suspended(each.of.partition, each.of.store, each.stored(), end_of(each), reason);
  }
}

}  // namespace levada
