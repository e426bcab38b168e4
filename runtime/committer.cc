#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/committer.h>
#include <levada/runtime/internal_topics.h>
#include <levada/runtime/patience.h>

namespace levada {
namespace {

constexpr Duration kPurgeTimeout = std::chrono::seconds(10);

using Offsets = std::vector<CommittedOffset>;

Offsets all_of(const std::vector<Task*>& tasks, Offsets (Task::*of)() const) {
  Offsets all;
  for (const Task* task : tasks) {
    for (CommittedOffset& offset : (task->*of)()) all.push_back(std::move(offset));
  }
  return all;
}

// Offsets show that the thread still has its tasks, even if no input has got further.
Offsets to_commit(const std::vector<Task*>& tasks) {
  Offsets offsets = all_of(tasks, &Task::committable);
  return offsets.empty() ? all_of(tasks, &Task::positions) : offsets;
}

}  // namespace

Committer::Committer(CommitterSettings settings, Consumer& consumer, Producer& producer, Admin& admin,
                     Restorer& restorer, const Clock& clock, Logger log)
    : settings_(std::move(settings)),
      consumer_(consumer),
      producer_(producer),
      admin_(admin),
      restorer_(restorer),
      clock_(clock),
      log_(std::move(log)),
      purged_(clock.steady_now()) {}

absl::Status Committer::commit(const std::vector<Task*>& tasks) { return commit(tasks, settings_.flush_timeout); }

absl::Status Committer::commit_before_leaving(const std::vector<Task*>& tasks) {
  return commit(tasks, settings_.last_flush_timeout);
}

// The ends of changelogs are asked for before the commit. Should somebody else have the tasks by then, and write to the
// changelogs, the commit is refused; after it, that would not be noticed, and the disk would be taken to have it.
// Without an answer the disk only knows less well how far it is: it is complete all the same.
absl::Status Committer::commit(const std::vector<Task*>& tasks, Duration timeout) {
  LEVADA_RETURN_IF_ERROR(prepare(tasks));
  LEVADA_RETURN_IF_ERROR(producer_.flush(timeout));
  auto ends = changelog_ends(tasks);
  if (!ends.ok()) ends.emplace();
  LEVADA_RETURN_IF_ERROR(settings_.exactly_once ? commit_transaction(tasks, timeout) : commit_offsets(tasks));
  for (Task* task : tasks) LEVADA_RETURN_IF_ERROR(task->finish_commit((*ends)[task->id()]));
  return absl::OkStatus();
}

// What fails in here may be half done, so that trying again would leave something out.
absl::Status Committer::prepare(const std::vector<Task*>& tasks) {
  for (Task* task : tasks) {
    const absl::Status prepared = task->prepare_commit();
    if (Patience::may_pass(prepared)) return absl::AbortedError(prepared.message());
    LEVADA_RETURN_IF_ERROR(prepared);
  }
  return absl::OkStatus();
}

absl::Status Committer::commit_offsets(const std::vector<Task*>& tasks) {
  const Offsets offsets = to_commit(tasks);
  return offsets.empty() ? absl::OkStatus() : consumer_.commit(offsets);
}

absl::Status Committer::commit_transaction(const std::vector<Task*>& tasks, Duration timeout) {
  const Offsets offsets = to_commit(tasks);
  const GroupMetadata member = consumer_.group_metadata();
  // A broker takes offsets of nobody as those of somebody who needs no group.
  if (member.member_id.empty()) return absl::AbortedError("the thread is no member of its group any more");
  if (!offsets.empty()) LEVADA_RETURN_IF_ERROR(producer_.send_offsets(offsets, member, timeout));
  return producer_.commit_transaction(timeout);
}

absl::StatusOr<std::map<TaskId, Committer::ChangelogEnds>> Committer::changelog_ends(const std::vector<Task*>& tasks) {
  std::vector<std::pair<TaskId, std::string>> stores;
  std::vector<TopicPartition> changelogs;
  for (Task* task : tasks) {
    for (const StoreHost* host : task->state().hosts()) {
      const StoreSpec& spec = host->spec();
      if (!spec.logging) continue;
      stores.emplace_back(task->id(), spec.name);
      changelogs.push_back({changelog_topic_name(settings_.application_id, spec.name), task->id().partition});
    }
  }
  std::map<TaskId, ChangelogEnds> ends;
  if (changelogs.empty()) return ends;
  LEVADA_ASSIGN_OR_RETURN(const std::vector<Offset> offsets, restorer_.end_offsets(changelogs));
  for (std::size_t i = 0; i < stores.size(); ++i) ends[stores[i].first][stores[i].second] = offsets[i];
  return ends;
}

void Committer::purge(const std::vector<Task*>& tasks) {
  if (clock_.steady_now() - purged_ < settings_.purge_interval) return;
  purged_ = clock_.steady_now();
  std::vector<CommittedOffset> before;
  for (const Task* task : tasks) {
    for (std::size_t i = 0; i < task->inputs(); ++i) {
      const PartitionInput& input = task->input(i);
      if (task->is_internal(i) && input.committed_offset() > 0) {
        before.push_back({input.where(), input.committed_offset()});
      }
    }
  }
  if (before.empty()) return;
  const absl::Status purged = admin_.delete_records(before, kPurgeTimeout);
  if (!purged.ok()) log_.warn("processed records were not purged", {{"reason", purged.message()}});
}

}  // namespace levada
