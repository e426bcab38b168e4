// Which commit a task's disk stands at, under at-least-once.

#include <algorithm>

#include <levada/core/offset_metadata.h>
#include <levada/runtime/commit_mark.h>
#include <levada/runtime/task.h>

namespace levada {

// None where a version would be replayed: that commits what other stores take back.
std::vector<const StoreHost*> Task::logged_on_disk() const {
  std::vector<const StoreHost*> hosts;
  if (!plan_.marks_commits) return hosts;
  for (const StoreHost* host : state_->hosts()) {
    const StoreSpec& store = host->spec();
    if (store.shape == StoreShape::kVersioned) return {};
    if (store.logging && store.engine == StoreEngine::kRocksDb && state_->has_database()) hosts.push_back(host);
  }
  return hosts;
}

void Task::mark_commit(const std::map<std::string, Offset>& changelog_ends) {
  commit_mark_.reset();
  std::map<std::string, Offset> ends;
  for (const StoreHost* host : logged_on_disk()) {
    const auto end = changelog_ends.find(host->spec().name);
    if (end == changelog_ends.end()) return;
    ends.insert(*end);
  }
  std::map<TopicPartition, Offset> positions;
  for (const auto& input : inputs_) {
    if (input->position() == kUnknownOffset) return;
    positions[input->where()] = input->position();
  }
  if (!ends.empty()) commit_mark_ = commit_mark(ends, positions);
}

bool Task::stands_at(const std::vector<CommittedOffset>& committed) const {
  std::map<std::string, Offset> ends;
  for (const StoreHost* host : logged_on_disk()) {
    const std::optional<Offset> end = state_->changelog_offset(host->spec().name);
    if (!end) return false;
    ends[host->spec().name] = *end;
  }
  std::map<TopicPartition, Offset> positions;
  for (const CommittedOffset& each : committed) positions[each.partition] = each.offset;
  if (ends.empty() || positions.size() != plan_.inputs.size()) return false;
  const std::int64_t mark = commit_mark(ends, positions);
  return std::ranges::all_of(committed, [mark](const CommittedOffset& each) {
    return decode_offset_metadata(each.metadata).commit_mark == mark;
  });
}

// Else what is sent before the first commit could not be told from what was committed.
void Task::mark_start(const std::vector<CommittedOffset>& committed) {
  const bool is_marked = std::ranges::all_of(committed, [](const CommittedOffset& each) {
    return decode_offset_metadata(each.metadata).commit_mark.has_value();
  });
  if (is_marked || logged_on_disk().empty()) return;
  dirty_ = true;
  context_->request_commit();
}

bool Task::has_on_disk(const std::string& store) const {
  return std::ranges::any_of(logged_on_disk(), [&](const StoreHost* host) { return host->spec().name == store; });
}

absl::Status Task::take_back(const std::string& store, absl::Span<const RestoreRecord> records) {
  dirty_ = true;
  return state_->take_back(store, records);
}

}  // namespace levada
