#include <algorithm>
#include <cstdarg>
#include <memory>

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <levada/state/rocks_budget.h>
#include <levada/state/rocks_options.h>

namespace levada::internal {
namespace {

constexpr std::size_t kMegabyte = 1 << 20;
constexpr int kOpenFiles = 128;                // of each task
constexpr int kBackgroundThreads = 2;          // of the process: RocksDB shares them between databases
constexpr std::size_t kArenaBlock = 16 << 10;  // what a column family that was written to takes at least
constexpr std::size_t kLargestMemtable = 16 * kMegabyte;
constexpr std::size_t kLargestLog = 32 * kMegabyte;  // read again when a process was killed: about a second
constexpr double kFilterBitsPerKey = 10;
constexpr double kMemtableFilterPart = 0.012;  // of a memtable's size: ten bits for a key if an entry takes 100 bytes

// RocksDB's own log tells nothing that its statuses do not.
class SilentLogger final : public rocksdb::Logger {
 public:
  SilentLogger() : Logger(rocksdb::InfoLogLevel::FATAL_LEVEL) {}
  using Logger::Logv;
  void Logv(const char*, std::va_list) override {}
};

rocksdb::BlockBasedTableOptions table_options(MemoryBudget& budget) {
  rocksdb::BlockBasedTableOptions options;
  options.block_cache = budget.rocks().cache;
  options.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
  // Indexes and filters are counted too. Files are small enough for whole ones: parts of them cost a second search.
  // Those of the latest files stay, since every read of a key that is not there asks them.
  options.pin_l0_filter_and_index_blocks_in_cache = true;
  options.cache_index_and_filter_blocks = true;
  options.cache_index_and_filter_blocks_with_high_priority = true;
  options.format_version = 5;
  return options;
}

std::size_t largest_memtable(const MemoryBudget& budget) {
  return std::clamp<std::size_t>(budget.memtable_limit() / 4, kMegabyte, kLargestMemtable);
}

}  // namespace

rocksdb::DBOptions database_options(MemoryBudget& budget) {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.info_log = std::make_shared<SilentLogger>();
  options.write_buffer_manager = budget.rocks().write_buffer_manager;
  options.max_open_files = kOpenFiles;
  options.max_background_jobs = kBackgroundThreads;
  options.max_total_wal_size = std::clamp<std::size_t>(budget.memtable_limit(), kMegabyte, kLargestLog);
  options.max_manifest_file_size = 4 * kMegabyte;
  options.avoid_flush_during_recovery = true;
  options.avoid_flush_during_shutdown = true;
  options.allow_concurrent_memtable_write = false;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

rocksdb::ColumnFamilyOptions family_options(MemoryBudget& budget) {
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(budget)));
  options.write_buffer_size = largest_memtable(budget);
  options.arena_block_size = kArenaBlock;
  // Commits come in the order of keys: each insertion starts at the one before it.
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(0));
  options.compression = rocksdb::kNoCompression;
  options.bottommost_compression = rocksdb::kDisableCompressionOption;
  options.level_compaction_dynamic_level_bytes = true;
  options.target_file_size_base = 16 * kMegabyte;
  options.max_bytes_for_level_base = 64 * kMegabyte;
  return options;
}

rocksdb::ColumnFamilyOptions filtered_family_options(MemoryBudget& budget) {
  rocksdb::ColumnFamilyOptions options = family_options(budget);
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio = kMemtableFilterPart;
  return options;
}

bool has_room_for_filters(MemoryBudget& budget, std::size_t families) {
  const std::size_t each =
      static_cast<std::size_t>(kMemtableFilterPart * static_cast<double>(largest_memtable(budget)));
  return families * each <= budget.memtable_limit() / 4;
}

rocksdb::WriteOptions write_options() {
  rocksdb::WriteOptions options;
  options.sync = false;
  options.disableWAL = false;
  return options;
}

}  // namespace levada::internal
