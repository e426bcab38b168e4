// The one number of bytes an application may use for data, and how it is shared out.
//
//   MemoryBudget budget(512 << 20);                     // levada.memory.max.bytes; outlives all that is opened with it
//   budget.write_buffers().charge(+4096);               // what a thread's tasks hold now, as a difference
//   if (budget.write_buffers().is_exceeded()) commit_early();
//
// The split, in percent of the whole:
//   30  RocksDB: blocks, indexes and filters read from disk, and memtables (at most half of the 30), in one LRU cache
//   40  write buffers and record caches; half of it is left free for the batches that commits make of them
//   10  what write buffers keep for reads after a commit; changes that are held back (suppress) come first
//   20  input queues: records fetched and not processed yet, half of it for changelogs that are being restored
// Not counted: the code, the Kafka client's own queues, and a few hundred kilobytes for every open database.
//
// All tasks of all threads share one budget; every function may be called from any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace levada {

// A part of the budget, and how much of it is taken.
class MemoryShare {
 public:
  explicit MemoryShare(std::size_t limit) : limit_(limit) {}

  std::size_t limit() const { return limit_; }
  std::size_t used() const { return static_cast<std::size_t>(used_.load(std::memory_order_relaxed)); }
  bool is_exceeded() const { return used() > limit_; }
  void charge(std::int64_t difference) { used_.fetch_add(difference, std::memory_order_relaxed); }

 private:
  const std::size_t limit_;
  std::atomic<std::int64_t> used_{0};
};

class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t bytes);
  ~MemoryBudget();

  std::size_t total() const { return total_; }
  std::size_t cache_limit() const;     // blocks and memtables
  std::size_t memtable_limit() const;  // of these
  MemoryShare& write_buffers() { return write_buffers_; }
  MemoryShare& committed_values() { return committed_values_; }
  MemoryShare& input_queues() { return input_queues_; }

  // What RocksDB has taken: blocks and memtables, and memtables alone.
  std::size_t cache_used() const;
  std::size_t memtables_used() const;

  // RocksDB's side of it, for the files that speak to RocksDB.
  struct Rocks;
  Rocks& rocks() { return *rocks_; }

 private:
  const std::size_t total_;
  MemoryShare write_buffers_;
  MemoryShare committed_values_;
  MemoryShare input_queues_;
  const std::unique_ptr<Rocks> rocks_;
};

}  // namespace levada
