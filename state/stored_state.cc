#include <algorithm>
#include <utility>

#include <absl/cleanup/cleanup.h>
#include <absl/strings/escaping.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <levada/core/big_endian.h>
#include <levada/core/serde_traits.h>
#include <levada/core/status_macros.h>
#include <levada/core/stored_headers.h>
#include <levada/core/value_and_timestamp.h>
#include <levada/core/window_key.h>
#include <levada/state/rocks_database.h>
#include <levada/state/rocks_store.h>
#include <levada/state/store_error.h>
#include <levada/state/stored_state.h>
#include <levada/state/version_keys.h>
#include <levada/state/version_segment.h>
#include <levada/state/window_segments.h>

namespace levada {
namespace {

using Visit = absl::FunctionRef<bool(const StoredEntry&)>;

constexpr std::size_t kBudgetBytes = std::size_t{64} << 20;
constexpr char kEntry = '\1';  // in front of keys of stores that are walked by time; their second keys have 0

// Asks for RocksDB's lock without taking it.
absl::Status check_not_in_use(const std::filesystem::path& directory) {
  const int file = ::open((directory / "LOCK").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return absl::OkStatus();  // nobody has had it yet, or only its owner may know
  const absl::Cleanup close = [file] { ::close(file); };
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (::fcntl(file, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return absl::OkStatus();
  return absl::UnavailableError(
      fmt::format("state directory {}: in use by process {}: stop the instance first", directory.string(), lock.l_pid));
}

bool is_within(const StoredKeys& keys, BytesView key) {
  return (!keys.from || key >= *keys.from) && (!keys.to || key <= *keys.to);
}

// What may hold keys between two of the application's, with `suffix` bytes behind each.
ByteRange range_of(const StoredKeys& keys, std::size_t suffix) {
  ByteRange range = {.from = keys.from.value_or("")};
  if (keys.to) range.to = successor(*keys.to + Bytes(suffix, '\xff'));
  return range;
}

// Takes entries of one kind of store apart.
class EntryReader {
 public:
  EntryReader(const StoreKind& kind, const StoredKeys& keys, Visit visit) : kind_(kind), keys_(keys), visit_(visit) {}

  std::size_t key_suffix() const {
    switch (kind_.shape) {
      case StoreShape::kWindow:
        return kWindowKeySuffix;
      case StoreShape::kSession:
        return kSessionKeySuffix;
      default:
        return 0;
    }
  }

  // False: that is enough. `segment` is of stores that have segments.
  bool read(std::int64_t segment, BytesView key, BytesView value) const {
    switch (kind_.shape) {
      case StoreShape::kWindow: {
        const WindowKey window = read_window_key(key);
        StoredEntry entry = {.key = window.key, .start = window.start};
        if (kind_.retain_duplicates) entry.number = window.seqnum;
        return tell(entry, value);
      }
      case StoreShape::kSession: {
        const SessionKey session = read_session_key(key);
        StoredEntry entry = {.key = session.key, .start = session.window.start, .end = session.window.end};
        return tell(entry, value);
      }
      case StoreShape::kVersioned:
        return segment == kLatestSegment ? tell_latest(key, value) : tell_versions(key, value);
      default: {
        StoredEntry entry = {.key = key};
        return tell(entry, value);
      }
    }
  }

 private:
  bool tell(StoredEntry& entry, BytesView value) const {
    if (!is_within(keys_, entry.key)) return true;
    if (kind_.headers) entry.headers = read_headers_prefix(value);
    if (kind_.timestamped) {
      const ValueAndTimestampView both = read_value_and_timestamp(value);
      entry.timestamp = both.timestamp;
      value = both.value;
    }
    entry.value = value;
    return visit_(entry);
  }

  bool tell_latest(BytesView key, BytesView value) const {
    if (!is_within(keys_, key)) return true;
    const ValueAndTimestampView version = read_value_and_timestamp(value);
    return visit_({.key = key, .start = version.timestamp, .value = version.value});
  }

  bool tell_versions(BytesView key, BytesView value) const {
    if (!is_within(keys_, key)) return true;
    const VersionSegment versions(value);
    // The oldest first; a deletion with nothing before it has no time that it would be found by.
    for (Timestamp time = versions.begin(); time < versions.end();) {
      const std::size_t place = *versions.find(time);
      time = versions.end_of(place);
      const NullableView version = versions.version(place).value;
      if (!version) continue;  // a deletion
      if (!visit_({.key = key, .start = versions.version(place).from, .end = time, .value = *version})) return false;
    }
    return true;
  }

  const StoreKind& kind_;
  const StoredKeys& keys_;
  const Visit visit_;
};

bool visit_all(ByteIterator& at, std::size_t skipped, std::int64_t segment, const EntryReader& reader) {
  for (; at.valid(); at.next()) {
    if (!reader.read(segment, at.key().substr(skipped), at.value())) return false;
  }
  return true;
}

void visit_segments(RocksDatabase& database, const StoredStore& store, const ByteRange& range,
                    const EntryReader& reader) {
  const SegmentedRocksStore segments(database, store.name);
  const Bytes mark = store.kind.by_time ? Bytes(1, kEntry) : Bytes();
  for (const std::int64_t id : segments.segments()) {
    const Bytes prefix = segment_prefix(id) + mark;
    const ByteRange inside = {.from = prefix + range.from,
                              .to = range.to ? NullableBytes(prefix + *range.to) : std::nullopt};
    if (!visit_all(*segments.range(inside, Direction::kForward), prefix.size(), id, reader)) return;
  }
}

}  // namespace

bool StoredState::is_at(const std::filesystem::path& directory) {
  std::error_code ignored;
  return std::filesystem::exists(directory / "CURRENT", ignored);
}

absl::StatusOr<std::unique_ptr<StoredState>> StoredState::open(const std::filesystem::path& directory) {
  if (!is_at(directory)) {
    return absl::NotFoundError(fmt::format("state directory {}: no stores of a task are in it", directory.string()));
  }
  LEVADA_RETURN_IF_ERROR(check_not_in_use(directory));
  auto budget = std::make_unique<MemoryBudget>(kBudgetBytes);
  LEVADA_ASSIGN_OR_RETURN(auto database, RocksDatabase::open_to_read(directory, *budget));
  std::unique_ptr<StoredState> state(new StoredState(std::move(budget), std::move(database)));
  LEVADA_RETURN_IF_ERROR(state->read_stores());
  return state;
}

StoredState::StoredState(std::unique_ptr<MemoryBudget> budget, std::unique_ptr<RocksDatabase> database)
    : budget_(std::move(budget)), database_(std::move(database)) {}

StoredState::~StoredState() = default;

absl::Status StoredState::read_stores() {
  LEVADA_ASSIGN_OR_RETURN(const StoreFacts facts, StoreFacts::read(*database_));
  for (const auto& [name, kind] : facts.kinds()) {
    StoredStore store = {.name = name, .kind = kind, .changelog_offset = facts.offset(name)};
    for (const std::string& family : families_of(*database_, name)) {
      store.about_entries += database_->approximate_num_entries(*database_->find(family));
    }
    stores_.push_back(std::move(store));
  }
  return absl::OkStatus();
}

const StoredStore* StoredState::find(const std::string& store) const {
  const auto found =
      std::find_if(stores_.begin(), stores_.end(), [&](const StoredStore& each) { return each.name == store; });
  return found == stores_.end() ? nullptr : &*found;
}

absl::Status StoredState::visit(const std::string& store, const StoredKeys& keys, Visit visit) const {
  const StoredStore* found = find(store);
  if (found == nullptr) {
    return absl::NotFoundError(
        fmt::format("state directory {}: there is no store {}", database_->directory().string(), store));
  }
  Bytes last;
  const auto remember = [&](const StoredEntry& entry) {
    last = entry.key;
    return visit(entry);
  };
  const EntryReader reader(found->kind, keys, remember);
  const ByteRange range = range_of(keys, reader.key_suffix());
  try {
    if (RocksDatabase::Family* family = database_->find(RocksStore::family_of(store))) {
      visit_all(*database_->range(*family, range, Direction::kForward), 0, 0, reader);
    } else {
      visit_segments(*database_, *found, range, reader);
    }
  } catch (const StoreError& error) {
    return error.status();
  } catch (const SerdeError& error) {
    return absl::DataLossError(fmt::format("state directory {}: store {}: behind the key '{}': {}",
                                           database_->directory().string(), store, absl::CHexEscape(last),
                                           error.what()));
  }
  return absl::OkStatus();
}

}  // namespace levada
