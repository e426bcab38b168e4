// The RocksDB of one task: its column families, its batches, and a small map of facts about the stores.
//
//   ASSIGN_OR_RETURN(auto database, RocksDatabase::open(directory, budget));
//   RETURN_IF_ERROR(database->create({"kv/counts"}));
//   RocksBatch batch(*database, expected_bytes);
//   batch.put(*database->find("kv/counts"), "k", "v");
//   batch.put_fact("offset/counts", bytes);
//   RETURN_IF_ERROR(database->write(batch));             // all of it or nothing; survives the process, not yet synced
//
// Owned by TaskState, used on the task's thread; iterators and snapshots must be gone before it is. Errors:
//   kUnavailable        another process (or task) has the directory open
//   kDataLoss           files are damaged or missing: wipe and restore
//   kResourceExhausted  the disk is full; nothing was written, and the same call may succeed later
// Each message names the directory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/state/byte_store.h>

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
struct ColumnFamilyOptions;
struct Options;
class Status;
class WriteBatch;
}  // namespace rocksdb

namespace levada {

class MemoryBudget;
class RocksDatabase;

// Where changes of stores are gathered before they become visible together.
class RocksWriter {
 public:
  virtual ~RocksWriter() = default;
  virtual void put(rocksdb::ColumnFamilyHandle& family, BytesView key, BytesView value) = 0;
  virtual void erase(rocksdb::ColumnFamilyHandle& family, BytesView key) = 0;
};

class RocksBatch final : public RocksWriter {
 public:
  RocksBatch(const RocksDatabase& database, std::size_t expected_bytes);
  ~RocksBatch() override;

  void put(rocksdb::ColumnFamilyHandle& family, BytesView key, BytesView value) override;
  void erase(rocksdb::ColumnFamilyHandle& family, BytesView key) override;
  void put_fact(BytesView name, BytesView value);
  void erase_fact(BytesView name);

 private:
  friend class RocksDatabase;

  const std::unique_ptr<rocksdb::WriteBatch> batch_;
  rocksdb::ColumnFamilyHandle& facts_;
};

class RocksDatabase {
 public:
  using Family = rocksdb::ColumnFamilyHandle;

  // Creates the directory if it is not there, readable for its owner only.
  static absl::StatusOr<std::unique_ptr<RocksDatabase>> open(const std::filesystem::path& directory,
                                                             MemoryBudget& budget);
  // As it stands on disk: nothing there is changed, and writing is refused. Nobody else may write to it meanwhile.
  static absl::StatusOr<std::unique_ptr<RocksDatabase>> open_to_read(const std::filesystem::path& directory,
                                                                     MemoryBudget& budget);
  ~RocksDatabase();

  Family* find(const std::string& family) const;  // nullptr if there is none
  // Many at once cost little more than one: tens of milliseconds.
  absl::Status create(const std::vector<std::string>& families);
  absl::Status drop(const std::vector<std::string>& families);
  std::vector<std::string> families(const std::string& prefix) const;

  absl::Status write(RocksBatch& batch);
  // Makes files of one family each part of the database, all of them or none, and takes them away from where they were.
  absl::Status ingest(const std::map<Family*, std::vector<std::string>>& files);
  // What such files are made with, and where they may stand: what is left there is removed by the next open().
  const rocksdb::Options& file_options() const;
  std::filesystem::path file_to_ingest(std::size_t number) const;

  // Writes memtables to files if all databases together hold too much, or would with `incoming` bytes more, and this
  // one more than its part: to be called before writes and now and then, also of idle databases. RocksDB by itself
  // frees no more than one column family per batch.
  absl::Status keep_to_budget(std::size_t incoming);

  // Throws StoreError.
  bool get(Family& family, BytesView key, Bytes& out) const;
  std::unique_ptr<ByteIterator> range(Family& family, const ByteRange& range, Direction direction) const;
  std::size_t approximate_num_entries(Family& family) const;

  absl::StatusOr<std::map<Bytes, Bytes>> facts() const;

  // Writes what is in memory to files, so that opening again has no log to read.
  absl::Status flush();

  const std::filesystem::path& directory() const { return directory_; }

 private:
  struct Environment;
  friend class RocksBatch;

  RocksDatabase(std::filesystem::path directory, MemoryBudget& budget);
  enum class Access { kReadAndWrite, kReadOnly };
  absl::Status open(Access access);
  const rocksdb::ColumnFamilyOptions& options_for(std::size_t new_families) const;
  void remove_leftovers() const;
  absl::Status recover();
  absl::Status cannot_go_on(const std::string& reason) const;
  rocksdb::Status keep_something_to_flush();
  std::uint64_t current_log() const;  // its number; 0 if it cannot be told

  std::vector<Family*> largest_memtables(std::size_t bytes) const;

  const std::filesystem::path directory_;
  MemoryBudget& budget_;
  const std::unique_ptr<Environment> environment_;  // what the database is opened with, and stands on
  std::unique_ptr<rocksdb::DB> database_;
  std::map<std::string, Family*> families_ = {};
  std::uint64_t failed_log_ = 0;  // the log that a write failed in; 0: none
  bool needs_recovery_ = false;   // a write failed, and RocksDB refuses more until it is told to go on
};

}  // namespace levada
