#include <utility>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/internal_topics.h>
#include <levada/runtime/task_changelogs.h>

namespace levada {

std::vector<StoreChangelog> changelogs_of(Task& task, const std::string& application_id) {
  std::vector<StoreChangelog> changelogs;
  for (const StoreHost* host : task.state().hosts()) {
    const StoreSpec& store = host->spec();
    if (!store.logging && store.source_topic.empty()) continue;
    const bool is_source = !store.source_topic.empty();
    std::string topic = is_source ? store.source_topic : changelog_topic_name(application_id, store.name);
    changelogs.push_back({store.name, {std::move(topic), task.id().partition}, is_source});
  }
  return changelogs;
}

absl::StatusOr<Offset> next_to_restore(Task& task, const StoreChangelog& changelog, const OffsetRange& log) {
  const Offset next = task.state().changelog_offset(changelog.store).value_or(log.begin);
  if (next <= log.end) return next;
  return absl::DataLossError(fmt::format("changelog {}: offset {} of the state directory is past the end {}",
                                         changelog.partition.to_string(), next, log.end));
}

absl::StatusOr<std::uint64_t> restore_from(RecordQueue& gathered, const std::string& store, Offset next, Task& task) {
  std::vector<RestoreRecord> records;
  records.reserve(gathered.size());
  gathered.for_each([&](const RawRecord& record) {
    if (record.key) records.push_back({*record.key, record.value, record.timestamp, &record.headers});
  });
  LEVADA_RETURN_IF_ERROR(task.state().restore(store, records, next));
  gathered.clear();
  return records.size();
}

}  // namespace levada
