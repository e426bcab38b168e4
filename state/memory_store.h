// The engine in memory: what was committed, in a B-tree.
//
//   MemoryStore engine;
//   engine.put("k", "v");
//   engine.erase("k");
#pragma once

#include <cstdint>

#include <absl/container/btree_map.h>

#include <levada/state/byte_store.h>

namespace levada {

class MemoryStore final : public ByteStore {
 public:
  bool get(BytesView key, Bytes& out) const override;
  std::unique_ptr<ByteIterator> range(const ByteRange& range, Direction direction) const override;
  std::size_t approximate_num_entries() const override { return map_.size(); }

  void put(BytesView key, BytesView value);
  void erase(BytesView key);
  void erase_before(BytesView key);

  // Of all keys and values, without what the tree takes around them.
  std::size_t bytes() const { return bytes_; }

 private:
  class Iterator;
  using Map = absl::btree_map<Bytes, Bytes, std::less<>>;

  Map map_ = {};
  std::size_t bytes_ = 0;
  std::uint64_t version_ = 0;  // tells iterators that theirs are gone
};

}  // namespace levada
