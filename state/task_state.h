// All stores of a task, committed as one: the dirty entries of all of them and the changelog offsets go to disk in one
// atomic batch, or not at all. The disk always stands exactly at a commit.
//
//   ASSIGN_OR_RETURN(auto state, TaskState::open({.directory = dir, .stores = specs, .budget = budget, .current =
//   current})); … restore(store, records, next) until state->changelog_offset(store) is the changelog's end …
//   state->store("counts");                                 // the typed store, for processors
//   for (StoreHost* host : state->hosts()) host->flush_cache(), host->for_each_change(send);
//   RETURN_IF_ERROR(state->commit({{"counts", 17}}));       // or, when the transaction was aborted: state->discard()
//
// Grammar on disk; one RocksDB in the directory, integers big-endian:
//   column family "kv/<store>", "window/<store>/<segment id>"   the entries, as buffers have them (store_host.h); the
//                                                              second of versioned stores, too
//   column family "default", the facts:
//     "offset/<store>"    int64 next changelog offset to restore from
//     "position/<topic>-<partition>"  int64 next offset to read of the input, where no group keeps it
//     "window/<store>"    int64 latest start seen | int32 last seqnum
//     "kind/<store>"      byte shape | byte 1: timestamped, 2: headers | byte 1: duplicates, 2: by time | int64 segment
//     interval in ms "dropping/<store>"  empty: its column families are being dropped
// Written through the log, never synced: it survives the death of the process. Stores that are no longer asked for are
// dropped when the directory is opened.
//
// Belongs to a task, used on its thread. No range of a store may outlive it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <levada/core/record_context.h>
#include <levada/core/store.h>
#include <levada/state/disk_faults.h>
#include <levada/state/memory_budget.h>
#include <levada/state/store_host.h>

namespace levada {

class RestoreBatch;
class RocksDatabase;
class RocksWriter;
class StoreFacts;

// A record of a changelog.
struct RestoreRecord {
  BytesView key;
  NullableView value;
  Timestamp timestamp;
  // Read where they tell the format of the value, of change buffers, or are kept with it; none, if null.
  const Headers* headers = nullptr;
};

class TaskState {
 public:
  struct Options {
    std::optional<std::filesystem::path> directory = std::nullopt;  // none: everything in memory
    std::vector<StoreSpec> stores = {};
    MemoryBudget& budget;               // outlives the state
    const RecordContext& current;       // the task's: of the record it is processing
    DiskFaults* disk_faults = nullptr;  // null: the disk's own
  };

  // kUnavailable: another process or task has the directory. kDataLoss: files are damaged; destroy() and open again.
  // kResourceExhausted: the disk is full. kFailedPrecondition: a store was of another kind when the directory was
  // written. kInvalidArgument: two stores have one name.
  static absl::StatusOr<std::unique_ptr<TaskState>> open(Options options);
  static absl::Status destroy(const std::filesystem::path& directory);
  ~TaskState();

  // In the order of Options::stores.
  const std::vector<StoreHost*>& hosts() const { return host_list_; }

  // Throws std::invalid_argument for a name that no store has.
  StateStore& store(const std::string& name);
  StoreHost& host(const std::string& name);

  // Makes the changes of all stores permanent, with the offsets their changelogs have then: the next one to restore
  // from, by store. A store that is not named keeps the offset it had. On an error nothing was committed and nothing is
  // lost: the same call may be repeated.
  absl::Status commit(const std::map<std::string, Offset>& changelog_offsets);
  // Forgets what was changed since the last commit.
  void discard();

  // Where to restore from; nullopt: from the beginning. Of stores in memory: what comes after the last restore(), as
  // long as nothing has been committed since.
  std::optional<Offset> changelog_offset(const std::string& store) const;
  // Applies records of the store's changelog, in their order, and notes that `next` comes after them. Many at once cost
  // far less than a few at a time. Not while the store has uncommitted changes.
  absl::Status restore(const std::string& store, absl::Span<const RestoreRecord> records, Offset next);

  // Where the inputs stand, for tasks that belong to no group: the next commit writes it down. Never without a
  // database.
  void set_position(const TopicPartition& input, Offset next) { positions_[input] = next; }
  std::optional<Offset> position(const TopicPartition& input) const;

  // What the stores hold back and what is not committed yet.
  std::size_t buffered_bytes() const;
  // Charges the budget with what the buffers have grown by since the last call, and frees what the budget wants freed.
  // To be called now and then, also of tasks with nothing to do.
  void settle_budget();

  // Writes memtables to files, so that the next open has no log to replay. Not needed for safety.
  absl::Status flush();

 private:
  struct Store;

  explicit TaskState(const Options& options);
  absl::Status open_database(const Options& options);
  absl::Status check_kinds(const std::vector<StoreSpec>& specs) const;
  absl::Status add_new_stores(const std::vector<StoreSpec>& specs);
  void add(const StoreSpec& spec, const RecordContext& current);
  std::unique_ptr<ByteStore> make_engine(const StoreSpec& spec, Store& store);
  absl::Status may_write() const;
  absl::Status write(const std::map<std::string, Offset>& changelog_offsets);
  absl::Status create_segments();
  absl::Status replay(StoreHost& host, absl::Span<const RestoreRecord> records, Offset next);
  absl::Status restore_to_disk(Store& store, const RestoreBatch& restored, Offset next);
  static void add_to(RocksWriter& writer, const Store& store, const RestoreBatch& restored);
  void set_committed(const std::map<std::string, Offset>& changelog_offsets);
  bool may_keep_committed() const;
  std::size_t committed_bytes() const;
  void drop_expired(Store& store);
  Store& find(const std::string& name) const;

  MemoryBudget& budget_;
  DiskFaults* const disk_faults_;
  std::int64_t charged_ = 0;            // to the write buffers
  std::int64_t charged_committed_ = 0;  // to what is kept of them
  std::unique_ptr<RocksDatabase> database_;
  std::unique_ptr<StoreFacts> facts_;
  std::vector<std::unique_ptr<Store>> stores_;
  std::map<TopicPartition, Offset> positions_ = {};  // not committed yet
  std::vector<StoreHost*> host_list_ = {};
};

}  // namespace levada
