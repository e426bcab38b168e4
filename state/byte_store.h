// An ordered map of bytes, in the unsigned order of bytes: what a write buffer stands on. MemoryStore and RocksStore
// are the engines.
//
//   Bytes value;
//   if (engine.get("k", value)) use(value);
//   for (auto it = engine.range({.from = "a", .to = "b"}, Direction::kForward); it->valid(); it->next())
//   use(it->key());
//
// Owned by one task, used on its thread. Reading throws StoreError when the disk fails.
#pragma once

#include <cstddef>
#include <memory>

#include <levada/core/bytes.h>

namespace levada {

enum class Direction { kForward, kBackward };

// From inclusive, to exclusive; without a `to` there is no end.
struct ByteRange {
  Bytes from = {};
  NullableBytes to = std::nullopt;

  bool contains(BytesView key) const { return key >= from && (!to || key < *to); }
  bool operator==(const ByteRange&) const = default;
};

// The least key that is greater: turns an inclusive end into an exclusive one.
Bytes successor(BytesView key);

// The end of all keys that begin with `prefix`; nullopt if there is none.
NullableBytes end_of_prefix(BytesView prefix);

// Walks a range. It must not outlive the store; it never dangles while the store lives: an engine's iterator either
// stays at the contents it was opened on (RocksStore) or goes on from its last key after a change (MemoryStore).
class ByteIterator {
 public:
  virtual ~ByteIterator() = default;
  virtual bool valid() const = 0;
  virtual BytesView key() const = 0;    // until next(), or the next change of the store
  virtual BytesView value() const = 0;  // likewise
  virtual void next() = 0;
};

class ByteStore {
 public:
  ByteStore() = default;
  ByteStore(const ByteStore&) = delete;
  ByteStore& operator=(const ByteStore&) = delete;
  virtual ~ByteStore() = default;

  // Replaces `out`. False, and `out` unspecified, if there is no such key.
  virtual bool get(BytesView key, Bytes& out) const = 0;
  virtual std::unique_ptr<ByteIterator> range(const ByteRange& range, Direction direction) const = 0;
  virtual std::size_t approximate_num_entries() const = 0;
};

// A walk over nothing.
std::unique_ptr<ByteIterator> empty_range();

}  // namespace levada
