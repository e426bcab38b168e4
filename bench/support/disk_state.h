// The state a hand-written loop keeps on disk: RocksDB as it comes, with the write-ahead log but unsynced.
//
//   DiskState state("/var/lib/job");
//   state.write(rows);                     // one batch a commit, sorted first
//
//   if (!state.get(key, value)) value = …;  // what does not fit into memory is read and written where it is needed
//   state.put(key, value);
//
// Thread-safe, as RocksDB is.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rocksdb {
class DB;
}

namespace bench {

using Row = std::pair<std::string, std::string>;

class DiskState {
 public:
  explicit DiskState(const std::string& directory);
  ~DiskState();

  void write(std::vector<Row>& rows);
  bool get(std::string_view key, std::string& value) const;
  void put(std::string_view key, std::string_view value);

 private:
  std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace bench
