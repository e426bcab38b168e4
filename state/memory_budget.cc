#include <rocksdb/cache.h>
#include <rocksdb/write_buffer_manager.h>

#include <levada/state/memory_budget.h>
#include <levada/state/rocks_budget.h>

namespace levada {
namespace {

constexpr std::size_t kCachePercent = 30;
constexpr std::size_t kWriteBufferPercent = 20;
constexpr std::size_t kCommittedPercent = 10;
constexpr std::size_t kInputQueuePercent = 20;

std::size_t percent(std::size_t total, std::size_t of_hundred) { return total / 100 * of_hundred; }

std::unique_ptr<MemoryBudget::Rocks> make_rocks(std::size_t cache_bytes) {
  auto cache = rocksdb::NewLRUCache(cache_bytes);
  auto memtables = std::make_shared<rocksdb::WriteBufferManager>(cache_bytes / 2, cache);
  auto rocks = std::make_unique<MemoryBudget::Rocks>();
  rocks->cache = std::move(cache);
  rocks->write_buffer_manager = std::move(memtables);
  return rocks;
}

}  // namespace

MemoryBudget::MemoryBudget(std::size_t bytes)
    : total_(bytes),
      write_buffers_(percent(bytes, kWriteBufferPercent)),
      committed_values_(percent(bytes, kCommittedPercent)),
      input_queues_(percent(bytes, kInputQueuePercent)),
      rocks_(make_rocks(percent(bytes, kCachePercent))) {}

MemoryBudget::~MemoryBudget() = default;

std::size_t MemoryBudget::cache_limit() const { return rocks_->cache->GetCapacity(); }

std::size_t MemoryBudget::memtable_limit() const { return rocks_->write_buffer_manager->buffer_size(); }

std::size_t MemoryBudget::cache_used() const { return rocks_->cache->GetUsage(); }

std::size_t MemoryBudget::memtables_used() const { return rocks_->write_buffer_manager->memory_usage(); }

}  // namespace levada
