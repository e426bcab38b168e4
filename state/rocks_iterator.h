// Walks a range of one column family, at the contents it had when the walk began. Throws StoreError, which names the
// directory. For .cc files that include RocksDB's headers, too.
#pragma once

#include <filesystem>
#include <memory>

#include <levada/state/byte_store.h>

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
}  // namespace rocksdb

namespace levada::internal {

// The database and `directory` must outlive it.
std::unique_ptr<ByteIterator> walk_family(rocksdb::DB& database, rocksdb::ColumnFamilyHandle& family,
                                          const ByteRange& range, Direction direction,
                                          const std::filesystem::path& directory);

}  // namespace levada::internal
