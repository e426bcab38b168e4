// The engine in memory: what was committed.
//
//   MemoryStore engine;
//   engine.put("k", "v");
//   engine.erase("k");
#pragma once

#include <cstdint>
#include <list>

#include <levada/state/byte_store.h>
#include <levada/state/key_index.h>

namespace levada {

class MemoryStore final : public ByteStore {
 public:
  bool get(BytesView key, Bytes& out) const override;
  std::unique_ptr<ByteIterator> range(const ByteRange& range, Direction direction) const override;
  std::size_t approximate_num_entries() const override { return index_.size(); }

  void put(BytesView key, BytesView value);
  void erase(BytesView key);
  void erase_before(BytesView key);

  // Of all keys and values, without what the index takes around them.
  std::size_t bytes() const { return bytes_; }

 private:
  class Iterator;
  struct Entry {
    Bytes key;
    Bytes value;
    std::list<Entry>::iterator self = {};
  };
  using Position = internal::KeyIndex<Entry>::Ordered::const_iterator;

  void remove(Entry& entry);

  std::list<Entry> entries_ = {};
  internal::KeyIndex<Entry> index_ = {};
  std::size_t bytes_ = 0;
  std::uint64_t version_ = 0;  // tells iterators that theirs are gone
};

}  // namespace levada
