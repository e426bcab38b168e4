// Counts what the calling thread allocates with operator new, and remembers where. A program that links this has its
// own operator new.
//
//   AllocationCounter counter;
//   process(record);
//   counter.count();                              // since the counter was made
//   print_allocation_sites(stderr, 3);            // of all counters so far, the busiest first
//
// One counter at a time in a thread; other threads, such as RocksDB's, do not count.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>

namespace bench {

class AllocationCounter {
 public:
  AllocationCounter();
  AllocationCounter(const AllocationCounter&) = delete;
  AllocationCounter& operator=(const AllocationCounter&) = delete;
  ~AllocationCounter();

  std::uint64_t count() const;
};

void print_allocation_sites(std::FILE* out, std::size_t most);
void forget_allocation_sites();

}  // namespace bench
