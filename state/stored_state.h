// The stores in a task's directory as the last commit left them: for tools, of an instance that does not run.
//
//   ASSIGN_OR_RETURN(const auto state, StoredState::open("/var/lib/orders/orders/0_1"));
//   for (const StoredStore& store : state->stores()) …
//   RETURN_IF_ERROR(state->visit("counts", {}, [](const StoredEntry& entry) { …; return true; }));
//
// Writes nothing, and makes nothing of the entries: keys and values are bytes of the application's serdes. Stores in
// memory have none here. One thread at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/bytes.h>
#include <levada/core/headers.h>
#include <levada/core/time.h>
#include <levada/core/topic_partition.h>
#include <levada/state/memory_budget.h>
#include <levada/state/store_facts.h>

namespace levada {

class RocksDatabase;

struct StoredStore {
  std::string name = {};
  StoreKind kind = {};
  std::optional<Offset> changelog_offset = std::nullopt;  // the next to restore from; none: from the beginning
  std::size_t about_entries = 0;                          // as RocksDB estimates
};

// An entry taken apart as far as its store's kind tells. Views, for the length of the call.
struct StoredEntry {
  BytesView key;
  std::optional<Timestamp> start = std::nullopt;      // of its window or session, or since when the version is valid
  std::optional<Timestamp> end = std::nullopt;        // of its session, or until when; none: it is the latest version
  std::optional<std::int32_t> number = std::nullopt;  // of stores with duplicates
  std::optional<Timestamp> timestamp = std::nullopt;  // of timestamped stores
  Headers headers = {};
  BytesView value = {};
};

// Both ends inclusive, in the unsigned order of the keys' bytes.
struct StoredKeys {
  NullableBytes from = std::nullopt;
  NullableBytes to = std::nullopt;
};

class StoredState {
 public:
  // kNotFound: no task's directory. kUnavailable: a process that runs has it, and which one. kDataLoss: it is damaged.
  static absl::StatusOr<std::unique_ptr<StoredState>> open(const std::filesystem::path& directory);
  static bool is_at(const std::filesystem::path& directory);
  ~StoredState();

  const std::vector<StoredStore>& stores() const { return stores_; }  // by name
  const StoredStore* find(const std::string& store) const;            // nullptr if there is none

  // Segment by segment, then in the order of keys, until `visit` returns false. kNotFound: there is no such store.
  // kDataLoss: an entry is damaged; the message has its key.
  absl::Status visit(const std::string& store, const StoredKeys& keys,
                     absl::FunctionRef<bool(const StoredEntry&)> visit) const;

 private:
  explicit StoredState(std::unique_ptr<MemoryBudget> budget, std::unique_ptr<RocksDatabase> database);

  absl::Status read_stores();

  std::unique_ptr<MemoryBudget> budget_;
  std::unique_ptr<RocksDatabase> database_;
  std::vector<StoredStore> stores_ = {};
};

}  // namespace levada
