// The state a hand-written loop keeps on disk: RocksDB, one sorted batch a commit, with the write-ahead log but
// unsynced.
//
//   DiskState state("/var/lib/job");
//   state.write(rows);   // sorts them first
//
// Thread-safe, as RocksDB is.
#pragma once

#include <memory>
#include <string>
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

 private:
  std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace bench
