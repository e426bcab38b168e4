#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/internal_topics.h>
#include <levada/runtime/simulation/output_check.h>
#include <levada/runtime/simulation/store_check.h>
#include <levada/state/task_state.h>

namespace levada::internal {
namespace {

NullableView view(const NullableBytes& bytes) { return bytes ? NullableView(*bytes) : std::nullopt; }

bool is_checked(const StoreSpec& store) {
  const bool restorable = store.logging || !store.source_topic.empty();
  return store.engine == StoreEngine::kRocksDb && !store.transient && restorable;
}

using Entries = std::map<Bytes, Bytes>;

void add_range(const StoreHost& host, const ByteRange& range, Entries& entries) {
  for (const auto at = host.range(range, Direction::kForward); at->valid(); at->next()) {
    entries.emplace(at->key(), at->value());
  }
}

// A range of a store that has segments is in one of them.
Entries entries_of(const StoreHost& host) {
  Entries entries;
  if (!host.has_segments()) {
    add_range(host, {}, entries);
    return entries;
  }
  for (const std::int64_t id : host.segments().ids()) {
    const Bytes prefix = segment_prefix(id);
    add_range(host, {.from = prefix, .to = end_of_prefix(prefix)}, entries);
  }
  return entries;
}

// The first difference; empty if there is none.
std::string difference(const Entries& fold, const Entries& found) {
  const auto [wanted, there] = std::ranges::mismatch(fold, found);
  if (wanted == fold.end() && there == found.end()) return {};
  if (wanted == fold.end() || (there != found.end() && there->first < wanted->first)) {
    return fmt::format("key {} is too much", in_quotes(there->first));
  }
  if (there == found.end() || wanted->first != there->first) {
    return fmt::format("key {} is missing", in_quotes(wanted->first));
  }
  return fmt::format("key {} is {}, not {}", in_quotes(there->first), in_quotes(there->second),
                     in_quotes(wanted->second));
}

// The stores of one task, and what their changelogs say.
class TaskCheck {
 public:
  TaskCheck(SimulatedWorld& world, const TaskId& id) : world_(world), id_(id), stores_(world.plan().task(id).stores) {
    std::erase_if(stores_, [](const StoreSpec& store) { return !is_checked(store); });
  }

  absl::Status check() {
    if (stores_.empty()) return absl::OkStatus();
    LEVADA_ASSIGN_OR_RETURN(changelogs_, TopicReader::create(world_.cluster(), changelog_partitions()));
    LEVADA_RETURN_IF_ERROR(changelogs_->read());
    LEVADA_ASSIGN_OR_RETURN(const auto fold, open(std::nullopt));
    LEVADA_RETURN_IF_ERROR(restore(*fold));
    for (const auto& instance : world_.instances()) {
      const std::filesystem::path directory = instance->directory() / id_.to_string();
      if (!std::filesystem::exists(directory / "CURRENT")) continue;
      const auto found = open(directory);
      if (absl::IsDataLoss(found.status())) continue;  // damaged by a fault, and restored at its next start
      LEVADA_RETURN_IF_ERROR(found.status());
      LEVADA_RETURN_IF_ERROR(restore(**found));
      for (const StoreSpec& store : stores_) {
        const std::string what = difference(entries_of(fold->host(store.name)), entries_of((*found)->host(store.name)));
        if (what.empty()) continue;
        return absl::InternalError(fmt::format("{}, task {}: store {} is not the fold of its changelog: {}",
                                               instance->name(), id_.to_string(), store.name, what));
      }
    }
    return absl::OkStatus();
  }

 private:
  TopicPartition changelog_of(const StoreSpec& store) const {
    if (!store.source_topic.empty()) return {store.source_topic, id_.partition};
    return {changelog_topic_name(world_.application_id(), store.name), id_.partition};
  }
  std::vector<TopicPartition> changelog_partitions() const {
    std::vector<TopicPartition> partitions;
    for (const StoreSpec& store : stores_) partitions.push_back(changelog_of(store));
    return partitions;
  }

  absl::StatusOr<std::unique_ptr<TaskState>> open(std::optional<std::filesystem::path> directory) {
    return TaskState::open(
        {.directory = std::move(directory), .stores = stores_, .budget = budget_, .current = no_record_});
  }

  absl::Status restore(TaskState& state) {
    for (const StoreSpec& store : stores_) {
      const TopicPartition changelog = changelog_of(store);
      const std::vector<TestBytes>& all = changelogs_->records(changelog);
      const std::vector<Offset>& offsets = changelogs_->offsets(changelog);
      const Offset start = state.changelog_offset(store.name).value_or(0);
      std::vector<RestoreRecord> records;
      for (auto i = static_cast<std::size_t>(std::ranges::lower_bound(offsets, start) - offsets.begin());
           i < all.size(); ++i) {
        if (all[i].key) records.push_back({*all[i].key, view(all[i].value), all[i].timestamp, &all[i].headers});
      }
      if (records.empty()) continue;
      LEVADA_RETURN_IF_ERROR(state.restore(store.name, records, offsets.back() + 1));
    }
    return absl::OkStatus();
  }

  SimulatedWorld& world_;
  const TaskId id_;
  std::vector<StoreSpec> stores_;
  MemoryBudget budget_{64 << 20};
  const RecordContext no_record_ = {};
  std::unique_ptr<TopicReader> changelogs_ = nullptr;
};

}  // namespace

absl::Status check_stores(SimulatedWorld& world) {
  if (!world.options().on_disk || !world.has_no_zombies()) return absl::OkStatus();
  for (const TaskId& id : world.plan().all_tasks()) LEVADA_RETURN_IF_ERROR(TaskCheck(world, id).check());
  return absl::OkStatus();
}

}  // namespace levada::internal
