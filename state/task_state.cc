#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/state/memory_store.h>
#include <levada/state/private_directory.h>
#include <levada/state/restore_batch.h>
#include <levada/state/rocks_ingestion.h>
#include <levada/state/rocks_store.h>
#include <levada/state/store_facts.h>
#include <levada/state/task_state.h>
#include <levada/state/versioned_bytes.h>

namespace levada {
namespace {

constexpr std::size_t kIngestedBytes = 1 << 20;

bool is_on_disk(const StoreSpec& spec) { return spec.engine == StoreEngine::kRocksDb; }

absl::Status check_names(const std::vector<StoreSpec>& specs) {
  std::set<std::string> names;
  for (const StoreSpec& spec : specs) {
    if (names.insert(spec.name).second) continue;
    return absl::InvalidArgumentError(fmt::format("store {}: two stores of one task have this name", spec.name));
  }
  return absl::OkStatus();
}

void charge(MemoryShare& share, std::size_t now, std::int64_t& charged) {
  share.charge(static_cast<std::int64_t>(now) - charged);
  charged = static_cast<std::int64_t>(now);
}

void apply(MemoryStore& store, BytesView key, NullableView value) { value ? store.put(key, *value) : store.erase(key); }

}  // namespace

struct TaskState::Store {
  // One engine or the other.
  MemoryStore* memory = nullptr;
  RocksEngine* rocks = nullptr;
  SegmentedRocksStore* segmented = nullptr;  // `rocks`, if the store has segments

  std::unique_ptr<StoreHost> host = nullptr;
  std::unique_ptr<StateStore> typed = nullptr;

  const std::string& name() const { return host->spec().name; }
};

absl::StatusOr<std::unique_ptr<TaskState>> TaskState::open(Options options) {
  LEVADA_RETURN_IF_ERROR(check_names(options.stores));
  std::unique_ptr<TaskState> state(new TaskState(options));
  if (options.directory && std::ranges::any_of(options.stores, is_on_disk)) {
    LEVADA_RETURN_IF_ERROR(state->open_database(options));
  }
  for (const StoreSpec& spec : options.stores) state->add(spec, options.current);
  return state;
}

absl::Status TaskState::destroy(const std::filesystem::path& directory) { return remove_directory(directory); }

TaskState::TaskState(const Options& options)
    : budget_(options.budget), disk_faults_(options.disk_faults), facts_(std::make_unique<StoreFacts>()) {}

TaskState::~TaskState() {
  budget_.write_buffers().charge(-charged_);
  budget_.committed_values().charge(-charged_committed_);
}

absl::Status TaskState::open_database(const Options& options) {
  if (disk_faults_ != nullptr) LEVADA_RETURN_IF_ERROR(disk_faults_->before_write(*options.directory));
  LEVADA_ASSIGN_OR_RETURN(database_, RocksDatabase::open(*options.directory, options.budget));
  LEVADA_ASSIGN_OR_RETURN(*facts_, StoreFacts::read(*database_));
  std::vector<StoreSpec> specs = options.stores;
  std::erase_if(specs, [](const StoreSpec& spec) { return !is_on_disk(spec); });
  std::vector<std::string> names;
  for (const StoreSpec& spec : specs) names.push_back(spec.name);
  for (const std::string& store : facts_->unwanted(names)) {
    LEVADA_RETURN_IF_ERROR(facts_->drop(store, *database_));
  }
  LEVADA_RETURN_IF_ERROR(check_kinds(specs));
  return add_new_stores(specs);
}

absl::Status TaskState::check_kinds(const std::vector<StoreSpec>& specs) const {
  for (const StoreSpec& spec : specs) {
    const std::optional<StoreKind> was = facts_->kind(spec.name);
    const StoreKind kind = kind_of(spec);
    if (!was || was->is_like(kind)) continue;
    return absl::FailedPreconditionError(
        fmt::format("state directory {}: store {} was written as a {} and is now a {}; give it another name, or remove "
                    "the directory to have it restored from its changelog",
                    database_->directory().string(), spec.name, was->to_string(), kind.to_string()));
  }
  return absl::OkStatus();
}

absl::Status TaskState::add_new_stores(const std::vector<StoreSpec>& specs) {
  std::vector<std::string> families;
  RocksBatch kinds(*database_, 0);
  bool is_empty = true;
  for (const StoreSpec& spec : specs) {
    const std::string family = RocksStore::family_of(spec.name);
    if (!is_segmented(spec) && database_->find(family) == nullptr) families.push_back(family);
    if (facts_->kind(spec.name)) continue;
    StoreFacts::put_kind(spec.name, kind_of(spec), kinds);
    facts_->set_kind(spec.name, kind_of(spec));
    is_empty = false;
  }
  LEVADA_RETURN_IF_ERROR(database_->create(families));
  return is_empty ? absl::OkStatus() : database_->write(kinds);
}

void TaskState::add(const StoreSpec& spec, const RecordContext& current) {
  auto store = std::make_unique<Store>();
  std::unique_ptr<ByteStore> engine = make_engine(spec, *store);
  store->host = std::make_unique<StoreHost>(spec, std::move(engine), current);
  if (store->segmented != nullptr) {
    WindowSegments& segments = store->host->segments();
    segments.set_interval(facts_->kind(spec.name)->segment_interval);
    segments.set_ids(store->segmented->segments());
    store->host->adopt(facts_->progress(spec.name));
  }
  if (spec.make) store->typed = spec.make(*store->host);
  host_list_.push_back(store->host.get());
  stores_.push_back(std::move(store));
}

std::unique_ptr<ByteStore> TaskState::make_engine(const StoreSpec& spec, Store& store) {
  if (!database_ || !is_on_disk(spec)) {
    auto engine = std::make_unique<MemoryStore>();
    store.memory = engine.get();
    return engine;
  }
  if (is_segmented(spec)) {
    auto engine = std::make_unique<SegmentedRocksStore>(*database_, spec.name);
    store.rocks = store.segmented = engine.get();
    return engine;
  }
  auto engine = std::make_unique<RocksStore>(*database_, spec.name);
  store.rocks = engine.get();
  return engine;
}

TaskState::Store& TaskState::find(const std::string& name) const {
  for (const auto& store : stores_) {
    if (store->name() == name) return *store;
  }
  throw std::invalid_argument("store " + name + ": the task has no such store");
}

StoreHost& TaskState::host(const std::string& name) { return *find(name).host; }

StateStore& TaskState::store(const std::string& name) {
  Store& store = find(name);
  if (store.typed == nullptr) throw std::invalid_argument("store " + name + ": its specification makes no typed store");
  return *store.typed;
}

absl::Status TaskState::commit(const std::map<std::string, Offset>& changelog_offsets) {
  LEVADA_RETURN_IF_ERROR(write(changelog_offsets));
  set_committed(changelog_offsets);
  return absl::OkStatus();
}

absl::Status TaskState::may_write() const {
  return disk_faults_ == nullptr ? absl::OkStatus() : disk_faults_->before_write(database_->directory());
}

absl::Status TaskState::write(const std::map<std::string, Offset>& changelog_offsets) {
  if (!database_) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(may_write());
  LEVADA_RETURN_IF_ERROR(create_segments());
  bool is_empty = true;
  RocksBatch batch(*database_, buffered_bytes());
  for (const auto& store : stores_) {
    if (store->rocks == nullptr) continue;
    StoreHost& host = *store->host;
    host.buffer().for_each_stored([&](BytesView key, NullableView value) { store->rocks->add_to(batch, key, value); });
    if (host.has_progress()) StoreFacts::put_progress(store->name(), host.segments().progress(), batch);
    const auto offset = changelog_offsets.find(store->name());
    if (offset != changelog_offsets.end()) StoreFacts::put_offset(offset->first, offset->second, batch);
    is_empty = is_empty && host.buffer().empty() && !host.has_progress() && offset == changelog_offsets.end();
  }
  for (const auto& [input, next] : positions_) StoreFacts::put_position(input, next, batch);
  if (is_empty && positions_.empty()) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(database_->keep_to_budget(buffered_bytes()));
  return database_->write(batch);
}

// All stores' at once: a call of the database takes as long for many as for one.
absl::Status TaskState::create_segments() {
  std::vector<std::string> families;
  for (const auto& store : stores_) {
    if (store->segmented == nullptr) continue;
    const std::vector<std::string> missing = store->segmented->missing_families(store->host->segments().ids());
    families.insert(families.end(), missing.begin(), missing.end());
  }
  if (families.empty()) return absl::OkStatus();
  const absl::Status status = database_->create(families);
  for (const auto& store : stores_) {
    if (store->segmented != nullptr) store->segmented->families_created();
  }
  return status;
}

void TaskState::set_committed(const std::map<std::string, Offset>& changelog_offsets) {
  const bool keep = may_keep_committed();
  positions_.clear();
  for (const auto& store : stores_) {
    StoreHost& host = *store->host;
    if (store->memory != nullptr) {
      host.buffer().for_each_stored([&](BytesView key, NullableView value) { apply(*store->memory, key, value); });
    } else if (const auto offset = changelog_offsets.find(store->name()); offset != changelog_offsets.end()) {
      facts_->set_offset(offset->first, offset->second);
    }
    // An engine in memory has them at hand.
    host.set_committed(keep && store->memory == nullptr);
    if (host.has_segments()) drop_expired(*store);
  }
}

void TaskState::drop_expired(Store& store) {
  const std::int64_t first_live = store.host->segments().first_live_id();
  if (store.memory != nullptr) return store.memory->erase_before(segment_prefix(std::max<std::int64_t>(first_live, 0)));
  // What could not be dropped now is invisible already, and tried again at the next commit.
  store.segmented->drop_segments_before(first_live).IgnoreError();
}

void TaskState::discard() {
  positions_.clear();
  for (const auto& store : stores_) {
    store->host->discard();
    if (store->segmented != nullptr) store->host->segments().set_ids(store->segmented->segments());
  }
}

std::optional<Offset> TaskState::changelog_offset(const std::string& store) const { return facts_->offset(store); }

std::optional<Offset> TaskState::position(const TopicPartition& input) const { return facts_->position(input); }

absl::Status TaskState::restore(const std::string& name, absl::Span<const RestoreRecord> records, Offset next) {
  Store& store = find(name);
  StoreHost& host = *store.host;
  if (host.spec().shape == StoreShape::kVersioned) return replay(host, records, next);
  RestoreBatch restored(host);
  LEVADA_RETURN_IF_ERROR(restored.take(records));
  if (store.memory != nullptr) {
    restored.for_each([&](BytesView key, NullableView value) { apply(*store.memory, key, value); });
    facts_->set_offset(name, next);
  } else {
    LEVADA_RETURN_IF_ERROR(restore_to_disk(store, restored, next));
  }
  if (host.has_segments()) {
    for (const std::int64_t id : restored.segments()) host.segments().add(id);
  }
  host.adopt(restored.progress());
  if (host.has_segments()) drop_expired(store);
  return absl::OkStatus();
}

// What a version does depends on those before it.
absl::Status TaskState::replay(StoreHost& host, absl::Span<const RestoreRecord> records, Offset next) {
  absl::Status replayed = VersionedBytes(host).replay(records);
  if (replayed.ok()) replayed = commit({{host.spec().name, next}});
  if (replayed.ok()) {
    facts_->set_offset(host.spec().name, next);
  } else {
    discard();
  }
  return replayed;
}

// Much goes into files, without a log: until the offset is written, it would be restored again. Little goes through the
// log and a memtable.
absl::Status TaskState::restore_to_disk(Store& store, const RestoreBatch& restored, Offset next) {
  LEVADA_RETURN_IF_ERROR(may_write());
  if (store.segmented != nullptr) {
    LEVADA_RETURN_IF_ERROR(database_->create(store.segmented->missing_families(restored.segments())));
    store.segmented->families_created();
  }
  RocksBatch batch(*database_, 0);
  // Files have to be sorted, which the second keys of a store that is walked by time are not.
  if (restored.bytes() < kIngestedBytes || store.host->spec().by_time) {
    add_to(batch, store, restored);
    LEVADA_RETURN_IF_ERROR(database_->keep_to_budget(restored.bytes()));
  } else {
    RocksIngestion files(*database_);
    add_to(files, store, restored);
    LEVADA_RETURN_IF_ERROR(files.finish());
  }
  if (store.segmented != nullptr) StoreFacts::put_progress(store.name(), restored.progress(), batch);
  StoreFacts::put_offset(store.name(), next, batch);
  LEVADA_RETURN_IF_ERROR(database_->write(batch));
  facts_->set_offset(store.name(), next);
  return absl::OkStatus();
}

void TaskState::add_to(RocksWriter& writer, const Store& store, const RestoreBatch& restored) {
  restored.for_each([&](BytesView key, NullableView value) { store.rocks->add_to(writer, key, value); });
}

std::size_t TaskState::buffered_bytes() const {
  std::size_t sum = 0;
  for (const StoreHost* host : host_list_) sum += host->buffered_bytes();
  return sum;
}

// With the changes that are about to be committed.
bool TaskState::may_keep_committed() const {
  const MemoryShare& share = budget_.committed_values();
  const std::size_t of_others = share.used() - static_cast<std::size_t>(charged_committed_);
  return of_others + committed_bytes() + buffered_bytes() <= share.limit();
}

std::size_t TaskState::committed_bytes() const {
  std::size_t sum = 0;
  for (const auto& store : stores_) {
    sum += store->host->committed_bytes();
    if (store->host->spec().shape == StoreShape::kChangeBuffer) sum += store->memory->bytes();
  }
  return sum;
}

void TaskState::settle_budget() {
  charge(budget_.write_buffers(), buffered_bytes(), charged_);
  charge(budget_.committed_values(), committed_bytes(), charged_committed_);
  // What fails here fails again, and is told, at the next commit.
  if (database_) database_->keep_to_budget(0).IgnoreError();
}

absl::Status TaskState::flush() { return database_ ? database_->flush() : absl::OkStatus(); }

}  // namespace levada
