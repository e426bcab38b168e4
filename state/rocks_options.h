// How RocksDB is set up: within the budget, quiet, and for many small column families. For .cc files that include
// RocksDB's headers, too.
#pragma once

#include <levada/state/memory_budget.h>

namespace rocksdb {
struct ColumnFamilyOptions;
struct DBOptions;
struct WriteOptions;
}  // namespace rocksdb

namespace levada::internal {

rocksdb::DBOptions database_options(MemoryBudget& budget);
rocksdb::ColumnFamilyOptions family_options(MemoryBudget& budget);

// Every write goes to the log file before it counts, and the log is never synced: it survives the process. After a
// crash of the machine the database stands at an earlier commit.
rocksdb::WriteOptions write_options();

}  // namespace levada::internal
