// What a store of another task has committed, for readers on other threads.
//
//   CommittedView view(host.engine(), nullptr);            // RocksDB looks after its readers itself
//   CommittedView view(host.engine(), &mutex);             // held while the engine in memory changes
//
// The engine must outlive it, and must not be dropped. Each reader has one of its own; a range of an engine in memory
// is copied first. Reading throws StoreError when the disk fails.
#pragma once

#include <mutex>

#include <levada/state/byte_store.h>

namespace levada {

class CommittedView final : public ByteStore {
 public:
  CommittedView(const ByteStore& engine, std::mutex* mutex) : engine_(engine), mutex_(mutex) {}

  bool get(BytesView key, Bytes& out) const override;
  std::unique_ptr<ByteIterator> range(const ByteRange& range, Direction direction) const override;
  std::size_t approximate_num_entries() const override;

 private:
  std::unique_lock<std::mutex> lock() const;

  const ByteStore& engine_;
  std::mutex* const mutex_;
};

}  // namespace levada
