// How RocksDB is set up: within the budget, quiet, and for many small column families. For .cc files that include
// RocksDB's headers, too.
#pragma once

#include <cstddef>

#include <levada/state/memory_budget.h>

namespace rocksdb {
struct ColumnFamilyOptions;
struct DBOptions;
struct WriteOptions;
}  // namespace rocksdb

namespace levada::internal {

rocksdb::DBOptions database_options(MemoryBudget& budget);
rocksdb::ColumnFamilyOptions family_options(MemoryBudget& budget);
// With a filter in front of memtables: a read of a key that is not there need not search them, which was a third of the
// time to count new keys. Each memtable has its filter from the beginning, full or empty, so only for so many families.
rocksdb::ColumnFamilyOptions filtered_family_options(MemoryBudget& budget);
bool has_room_for_filters(MemoryBudget& budget, std::size_t families);

// Every write goes to the log file before it counts, and the log is never synced: it survives the process. After a
// crash of the machine the database stands at an earlier commit.
rocksdb::WriteOptions write_options();

}  // namespace levada::internal
