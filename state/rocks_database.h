// The RocksDB of one task: its column families, its batches, and a small map of facts about the stores.
//
//   ASSIGN_OR_RETURN(auto database, RocksDatabase::open(directory, budget));
//   ASSIGN_OR_RETURN(auto* family, database->create("kv/counts"));
//   RocksBatch batch(*database);
//   batch.put(*family, "k", "v");
//   batch.put_fact("offset/counts", bytes);
//   RETURN_IF_ERROR(database->write(batch));             // all of it or nothing; survives the process, not yet synced
//
// Owned by TaskState, used on the task's thread; iterators and snapshots must be gone before it is. Errors:
//   kUnavailable        another process (or task) has the directory open
//   kDataLoss           files are damaged or missing: wipe and restore
//   kResourceExhausted  the disk is full; nothing was written, and the same call may succeed later
// Each message names the directory.
#pragma once

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
class WriteBatch;
}  // namespace rocksdb

namespace levada {

class MemoryBudget;
class RocksDatabase;

class RocksBatch {
 public:
  RocksBatch(const RocksDatabase& database, std::size_t expected_bytes);
  ~RocksBatch();

  void put(rocksdb::ColumnFamilyHandle& family, BytesView key, BytesView value);
  void erase(rocksdb::ColumnFamilyHandle& family, BytesView key);
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
  ~RocksDatabase();

  Family* find(const std::string& family) const;  // nullptr if there is none
  absl::StatusOr<Family*> create(const std::string& family);
  absl::Status drop(const std::string& family);
  std::vector<std::string> families(const std::string& prefix) const;

  absl::Status write(RocksBatch& batch);

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
  absl::Status open();
  absl::Status recover();

  const std::filesystem::path directory_;
  const std::unique_ptr<Environment> environment_;  // what the database is opened with, and stands on
  std::unique_ptr<rocksdb::DB> database_;
  std::map<std::string, Family*> families_ = {};
  bool needs_recovery_ = false;  // a write failed, and RocksDB refuses more until it is told to go on
};

}  // namespace levada
