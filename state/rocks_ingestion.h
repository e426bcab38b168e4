// Sorted files that become part of a database at once, past its log and its memtables: how much is restored.
//
//   RocksIngestion files(database);
//   for (const auto& [key, value] : sorted) store.add_to(files, key, value);
//   RETURN_IF_ERROR(files.finish());
//
// The keys of a family come in their order and without gaps between them for other families. An error of a write is
// told by finish(), and nothing is ingested then. See RocksDatabase for the errors. Used on the task's thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include <levada/state/rocks_database.h>

namespace rocksdb {
class SstFileWriter;
}

namespace levada {

class RocksIngestion final : public RocksWriter {
 public:
  explicit RocksIngestion(RocksDatabase& database);
  ~RocksIngestion() override;

  void put(rocksdb::ColumnFamilyHandle& family, BytesView key, BytesView value) override;
  void erase(rocksdb::ColumnFamilyHandle& family, BytesView key) override;

  absl::Status finish();

 private:
  bool has_file_for(rocksdb::ColumnFamilyHandle& family);
  void close();
  void note(const rocksdb::Status& status);

  RocksDatabase& database_;
  absl::Status status_ = absl::OkStatus();
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
  rocksdb::ColumnFamilyHandle* family_ = nullptr;  // that writer_ writes for
  std::map<rocksdb::ColumnFamilyHandle*, std::vector<std::string>> files_ = {};
  std::size_t count_ = 0;
};

}  // namespace levada
