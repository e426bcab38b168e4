// RocksDB's side of MemoryBudget. For .cc files that include RocksDB's headers, after them.
#pragma once

#include <atomic>
#include <memory>

#include <levada/state/memory_budget.h>

namespace rocksdb {
class Cache;
class WriteBufferManager;
}  // namespace rocksdb

namespace levada {

struct MemoryBudget::Rocks {
  std::shared_ptr<rocksdb::Cache> cache;  // shared, because RocksDB wants it so
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffer_manager;
  std::atomic<int> databases{0};         // that are open, and share the memtables
  std::atomic<std::size_t> families{0};  // of all of them
};

}  // namespace levada
