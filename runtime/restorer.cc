#include <algorithm>
#include <chrono>
#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/restorer.h>

namespace levada {
namespace {

constexpr Duration kEndOffsetsTimeout = std::chrono::seconds(5);
constexpr std::size_t kRecordsPerStep = 20'000;

Offset committed_in(const TopicPartition& partition, const std::vector<CommittedOffset>& committed) {
  for (const CommittedOffset& each : committed) {
    if (each.partition == partition) return each.offset;
  }
  return kUnknownOffset;
}

}  // namespace

Restorer::Restorer(Settings settings, Consumer& reader, RestoreListener* listener, Logger log,
                   std::atomic<std::uint64_t>& restored, Admin* ends)
    : settings_(std::move(settings)),
      reader_(reader),
      ends_(ends),
      listener_(listener),
      log_(std::move(log)),
      restored_(restored) {}

absl::Status Restorer::add(Task& task, Duration timeout, const Committed& committed) {
  LEVADA_ASSIGN_OR_RETURN(Changelogs changelogs, find_changelogs(task, timeout, committed));
  for (std::unique_ptr<Changelog>& changelog : changelogs) {
    if (absl::Status begun = begin(std::move(changelog)); !begun.ok()) {
      remove(task.id());
      return begun;
    }
  }
  const bool needed = std::ranges::any_of(changelogs_, [&](const auto& each) { return each.second->task == &task; });
  if (needed) return assign();
  complete_.push_back(task.id());
  return absl::OkStatus();
}

absl::StatusOr<Restorer::Changelogs> Restorer::find_changelogs(Task& task, Duration timeout,
                                                               const Committed& committed) {
  Changelogs changelogs;
  for (const StoreChangelog& each : changelogs_of(task, settings_.application_id)) {
    LEVADA_ASSIGN_OR_RETURN(auto changelog, find_changelog(task, each, timeout, committed));
    changelogs.push_back(std::move(changelog));
  }
  return changelogs;
}

absl::StatusOr<std::unique_ptr<Restorer::Changelog>> Restorer::find_changelog(Task& task, const StoreChangelog& place,
                                                                              Duration timeout,
                                                                              const Committed& committed) {
  const TopicPartition& partition = place.partition;
  LEVADA_ASSIGN_OR_RETURN(OffsetRange log,
                          ends_ == nullptr ? reader_.offsets(partition, timeout) : ends_->offsets(partition, timeout));
  LEVADA_ASSIGN_OR_RETURN(const Offset start, next_to_restore(task, place, log));
  // What is behind will be processed.
  if (place.is_source) log.end = std::max(start, committed_in(partition, committed));
  const Offset next = std::max(start, log.begin) == log.end ? log.end : start;
  return std::make_unique<Changelog>(Changelog{.task = &task,
                                               .store = place.store,
                                               .partition = partition,
                                               .next = next,
                                               .end = log.end,
                                               .is_source = place.is_source});
}

absl::Status Restorer::begin(std::unique_ptr<Changelog> changelog) {
  if (changelog->is_complete()) return changelog->task->state().restore(changelog->store, {}, changelog->end);
  log_.info("restoring", {{"task", changelog->task->id().to_string()},
                          {"store", changelog->store},
                          {"changelog", changelog->partition.to_string()},
                          {"start", changelog->next},
                          {"end", changelog->end}});
  if (listener_ != nullptr) {
    listener_->on_restore_start(changelog->partition, changelog->store, changelog->next, changelog->end);
  }
  changelogs_.emplace(next_tag_++, std::move(changelog));
  return absl::OkStatus();
}

void Restorer::remove(const TaskId& id) {
  std::erase(complete_, id);
  failed_.erase(id);
  const auto removed = std::erase_if(changelogs_, [&](const auto& tagged) {
    const Changelog& each = *tagged.second;
    if (each.task->id() != id) return false;
    if (listener_ != nullptr) listener_->on_restore_suspended(each.partition, each.store, each.restored);
    return true;
  });
  if (removed > 0) assign().IgnoreError();  // reading fewer partitions cannot fail in a way that matters here
}

absl::Status Restorer::assign() {
  std::vector<Assignment> assignments;
  for (const auto& [tag, changelog] : changelogs_) {
    assignments.push_back({changelog->partition, changelog->next, tag});
  }
  return reader_.assign(assignments);
}

absl::Status Restorer::step(Duration timeout) {
  LEVADA_RETURN_IF_ERROR(read(timeout));
  apply_gathered();
  finish_complete();
  return absl::OkStatus();
}

// Nothing while there is something that could not be applied yet.
absl::Status Restorer::read(Duration timeout) {
  const bool behind =
      is_full() || std::ranges::any_of(changelogs_, [](const auto& each) { return each.second->is_due(); });
  return reader_.poll(behind ? Duration(0) : timeout, behind ? 0 : kRecordsPerStep, *this);
}

void Restorer::apply_gathered() {
  for (const auto& [tag, changelog] : changelogs_) {
    if (changelog->is_due()) try_apply(*changelog);
  }
  if (!is_full()) return;
  const auto largest =
      std::ranges::max_element(changelogs_, {}, [](const auto& each) { return each.second->batch.bytes(); });
  try_apply(*largest->second);
}

void Restorer::try_apply(Changelog& changelog) {
  const absl::Status applied = apply(changelog);
  if (!applied.ok()) failed_.try_emplace(changelog.task->id(), applied);
}

bool Restorer::is_full() const {
  std::size_t sum = 0;
  for (const auto& [tag, changelog] : changelogs_) sum += changelog->batch.bytes();
  return sum >= settings_.buffer_bytes;
}

// The reader goes on with those that are complete, which have no more: to assign the others anew would drop what was
// fetched of them.
void Restorer::finish_complete() {
  for (const auto& [tag, changelog] : changelogs_) {
    if (changelog->is_complete()) finish(*changelog);
  }
  std::erase_if(changelogs_, [](const auto& each) { return each.second->is_complete(); });
  if (changelogs_.empty()) assign().IgnoreError();  // to read nothing cannot fail in a way that matters here
}

absl::Status Restorer::apply(Changelog& changelog) {
  if (changelog.batch.empty()) return absl::OkStatus();
  LEVADA_ASSIGN_OR_RETURN(const std::uint64_t records,
                          restore_from(changelog.batch, changelog.store, changelog.next, *changelog.task));
  changelog.restored += records;
  restored_.fetch_add(records, std::memory_order_relaxed);
  if (listener_ != nullptr) {
    listener_->on_batch_restored(changelog.partition, changelog.store, changelog.next, records);
  }
  return absl::OkStatus();
}

void Restorer::finish(const Changelog& changelog) {
  log_.info("restored",
            {{"task", changelog.task->id().to_string()}, {"store", changelog.store}, {"records", changelog.restored}});
  if (listener_ != nullptr) listener_->on_restore_end(changelog.partition, changelog.store, changelog.restored);
  const bool last = std::ranges::none_of(changelogs_, [&](const auto& each) {
    return each.second->task == changelog.task && !each.second->is_complete();
  });
  const TaskId& id = changelog.task->id();
  if (last && std::ranges::count(complete_, id) == 0) complete_.push_back(id);
}

std::vector<TaskId> Restorer::take_restored() { return std::exchange(complete_, {}); }

absl::StatusOr<std::vector<Offset>> Restorer::end_offsets(const std::vector<TopicPartition>& changelogs) {
  return ends_ == nullptr ? reader_.end_offsets(changelogs, kEndOffsetsTimeout)
                          : ends_->end_offsets(changelogs, kEndOffsetsTimeout);
}

void Restorer::on_record(std::size_t tag, const LogRecord& record) {
  const auto found = changelogs_.find(tag);
  if (found == changelogs_.end()) return;  // restored already
  Changelog& changelog = *found->second;
  if (changelog.is_source && record.offset >= changelog.end) {
    changelog.next = changelog.end;
    return;
  }
  changelog.batch.push(record);
  changelog.next = record.offset + 1;
}

void Restorer::on_end_of_partition(std::size_t tag, Offset next) {
  const auto found = changelogs_.find(tag);
  if (found != changelogs_.end()) found->second->next = std::max(found->second->next, next);
}

}  // namespace levada
