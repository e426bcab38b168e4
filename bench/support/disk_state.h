// The state a hand-written loop keeps on disk: RocksDB as it comes, with the write-ahead log but unsynced.
//
//   DiskState state("/var/lib/job");
//   state.write(rows);                  // one batch a commit; sorts them first
//   if (!state.get(key, value)) …
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
  void write_as_it_comes(const std::vector<Row>& rows);
  bool get(std::string_view key, std::string& value) const;

 private:
  std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace bench
