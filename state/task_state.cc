#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/state/memory_store.h>
#include <levada/state/private_directory.h>
#include <levada/state/restore_batch.h>
#include <levada/state/rocks_store.h>
#include <levada/state/store_facts.h>
#include <levada/state/task_state.h>

namespace levada {
namespace {

bool is_on_disk(const StoreSpec& spec) { return spec.engine == StoreEngine::kRocksDb; }

absl::Status check_names(const std::vector<StoreSpec>& specs) {
  std::set<std::string> names;
  for (const StoreSpec& spec : specs) {
    if (names.insert(spec.name).second) continue;
    return absl::InvalidArgumentError(fmt::format("store {}: two stores of one task have this name", spec.name));
  }
  return absl::OkStatus();
}

void apply(MemoryStore& store, BytesView key, NullableView value) { value ? store.put(key, *value) : store.erase(key); }

}  // namespace

// One engine or the other.
struct TaskState::Store {
  MemoryStore* memory = nullptr;
  RocksEngine* rocks = nullptr;
  std::unique_ptr<StoreHost> host = nullptr;
  std::unique_ptr<StateStore> typed = nullptr;
};

absl::StatusOr<std::unique_ptr<TaskState>> TaskState::open(Options options) {
  LEVADA_RETURN_IF_ERROR(check_names(options.stores));
  std::unique_ptr<TaskState> state(new TaskState(options));
  if (options.directory && std::ranges::any_of(options.stores, is_on_disk)) {
    LEVADA_ASSIGN_OR_RETURN(state->database_, RocksDatabase::open(*options.directory, options.budget));
    LEVADA_ASSIGN_OR_RETURN(*state->facts_, StoreFacts::read(*state->database_));
  }
  LEVADA_RETURN_IF_ERROR(state->open_stores(options));
  return state;
}

absl::Status TaskState::destroy(const std::filesystem::path& directory) { return remove_directory(directory); }

TaskState::TaskState(const Options& options) : budget_(options.budget), facts_(std::make_unique<StoreFacts>()) {}

TaskState::~TaskState() { budget_.write_buffers().charge(-charged_); }

absl::Status TaskState::open_stores(const Options& options) {
  if (database_) {
    std::vector<std::string> wanted;
    for (const StoreSpec& spec : options.stores) {
      if (is_on_disk(spec)) wanted.push_back(spec.name);
    }
    for (const std::string& store : facts_->unwanted(wanted)) {
      LEVADA_RETURN_IF_ERROR(facts_->drop(store, *database_));
    }
  }
  for (const StoreSpec& spec : options.stores) LEVADA_RETURN_IF_ERROR(add(spec, options.current));
  return absl::OkStatus();
}

absl::Status TaskState::add(StoreSpec spec, const RecordContext& current) {
  auto store = std::make_unique<Store>();
  if (!database_) spec.engine = StoreEngine::kInMemory;
  std::unique_ptr<ByteStore> engine = make_engine(spec, *store);
  store->host = std::make_unique<StoreHost>(std::move(spec), std::move(engine), current);
  if (store->rocks != nullptr) LEVADA_RETURN_IF_ERROR(adopt(*store));
  if (store->host->spec().make) store->typed = store->host->spec().make(*store->host);
  host_list_.push_back(store->host.get());
  stores_.push_back(std::move(store));
  return absl::OkStatus();
}

absl::Status TaskState::adopt(Store& store) {
  StoreHost& host = *store.host;
  const StoreKind kind = kind_of(host.spec());
  const std::string& name = host.spec().name;
  const std::optional<StoreKind> was = facts_->kind(name);
  if (!was) {
    RocksBatch batch(*database_, name.size());
    StoreFacts::put_kind(name, kind, batch);
    return database_->write(batch);
  }
  if (!was->is_like(kind)) {
    return absl::FailedPreconditionError(
        fmt::format("state directory {}: store {} was written as a {} and is now a {}; give it another name, or remove "
                    "the directory to have it restored from its changelog",
                    database_->directory().string(), name, was->to_string(), kind.to_string()));
  }
  if (!host.has_segments()) return absl::OkStatus();
  host.segments().set_interval(was->segment_interval);
  host.adopt(facts_->progress(name), store.rocks->segments());
  return absl::OkStatus();
}

std::unique_ptr<ByteStore> TaskState::make_engine(const StoreSpec& spec, Store& store) {
  if (spec.engine == StoreEngine::kInMemory) {
    auto engine = std::make_unique<MemoryStore>();
    store.memory = engine.get();
    return engine;
  }
  std::unique_ptr<RocksEngine> engine;
  if (spec.shape == StoreShape::kWindow) {
    engine = std::make_unique<SegmentedRocksStore>(*database_, spec.name);
  } else {
    engine = std::make_unique<RocksStore>(*database_, spec.name);
  }
  store.rocks = engine.get();
  return engine;
}

TaskState::Store& TaskState::find(const std::string& name) const {
  for (const auto& store : stores_) {
    if (store->host->spec().name == name) return *store;
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

absl::Status TaskState::write(const std::map<std::string, Offset>& changelog_offsets) {
  if (!database_) return absl::OkStatus();
  bool is_empty = true;
  RocksBatch batch(*database_, buffered_bytes());
  absl::Status status;
  for (const auto& store : stores_) {
    if (store->rocks == nullptr) continue;
    StoreHost& host = *store->host;
    host.buffer().for_each_stored([&](BytesView key, NullableView value) {
      if (status.ok()) status = store->rocks->add_to(batch, key, value);
      is_empty = false;
    });
    LEVADA_RETURN_IF_ERROR(status);
    if (host.has_segments() && host.has_progress()) {
      StoreFacts::put_progress(host.spec().name, host.segments().progress(), batch);
      is_empty = false;
    }
    const auto offset = changelog_offsets.find(host.spec().name);
    if (offset == changelog_offsets.end()) continue;
    StoreFacts::put_offset(offset->first, offset->second, batch);
    is_empty = false;
  }
  return is_empty ? absl::OkStatus() : database_->write(batch);
}

void TaskState::set_committed(const std::map<std::string, Offset>& changelog_offsets) {
  for (const auto& store : stores_) {
    StoreHost& host = *store->host;
    if (store->memory != nullptr) {
      host.buffer().for_each_stored([&](BytesView key, NullableView value) { apply(*store->memory, key, value); });
    } else if (const auto offset = changelog_offsets.find(host.spec().name); offset != changelog_offsets.end()) {
      facts_->set_offset(offset->first, offset->second);
    }
    host.set_committed();
    if (host.has_segments()) drop_expired(*store);
  }
}

void TaskState::drop_expired(Store& store) {
  const std::int64_t first_live = store.host->segments().first_live_id();
  if (store.memory != nullptr) return store.memory->erase_before(segment_prefix(std::max<std::int64_t>(first_live, 0)));
  // What could not be dropped now is invisible already, and tried again at the next commit.
  store.rocks->drop_segments_before(first_live).IgnoreError();
}

void TaskState::discard() {
  for (const auto& store : stores_) store->host->discard();
}

std::optional<Offset> TaskState::changelog_offset(const std::string& store) const { return facts_->offset(store); }

absl::Status TaskState::restore(const std::string& name, absl::Span<const RestoreRecord> records, Offset next) {
  Store& store = find(name);
  StoreHost& host = *store.host;
  RestoreBatch restored(host);
  LEVADA_RETURN_IF_ERROR(restored.add(records));
  if (store.memory != nullptr) {
    restored.for_each([&](BytesView key, NullableView value) { apply(*store.memory, key, value); });
  } else {
    RocksBatch batch(*database_, restored.bytes());
    absl::Status status;
    restored.for_each([&](BytesView key, NullableView value) {
      if (status.ok()) status = store.rocks->add_to(batch, key, value);
    });
    LEVADA_RETURN_IF_ERROR(status);
    if (host.has_segments()) StoreFacts::put_progress(name, restored.progress(), batch);
    StoreFacts::put_offset(name, next, batch);
    LEVADA_RETURN_IF_ERROR(database_->write(batch));
    facts_->set_offset(name, next);
  }
  host.adopt(restored.progress(), restored.segments());
  if (host.has_segments()) drop_expired(store);
  return absl::OkStatus();
}

std::size_t TaskState::buffered_bytes() const {
  std::size_t sum = 0;
  for (const StoreHost* host : host_list_) sum += host->buffered_bytes();
  return sum;
}

void TaskState::settle_budget() {
  const auto now = static_cast<std::int64_t>(buffered_bytes());
  budget_.write_buffers().charge(now - charged_);
  charged_ = now;
}

absl::Status TaskState::flush() { return database_ ? database_->flush() : absl::OkStatus(); }

}  // namespace levada
