// Finds entries by key fast, and walks them in the order of keys where somebody asks for it: a hash table, and a B-tree
// that is made when it is first needed.
//
//   KeyIndex<Entry> index;                     // Entry has a member `key` that is a BytesView, and never changes
//   index.add(entry);                          // a guest: must stay where it is
//   Entry* found = index.find("k");
//   for (auto at = index.ordered().lower_bound(KeyProbe("a")); …; ++at) use(at->entry);
//
// Point reads and writes are most of what a task does, and cost a tenth of a descent into a tree of strings.
// Not thread-safe, not even to read.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <absl/container/btree_set.h>

#include <levada/core/big_endian.h>
#include <levada/core/bytes.h>
#include <levada/state/key_table.h>

namespace levada::internal {

// A key with its first 16 bytes as numbers: they are enough for most comparisons, without following a pointer.
struct KeyProbe {
  explicit KeyProbe(BytesView k) : key(k) {
    char prefix[16] = {};
    std::memcpy(prefix, k.data(), std::min(k.size(), sizeof(prefix)));
    high = read_big_endian<std::uint64_t>({prefix, 8});
    low = read_big_endian<std::uint64_t>({prefix + 8, 8});
  }
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  BytesView key;
};

template <class Entry>
class KeyIndex {
 public:
  struct Slot {
    explicit Slot(Entry& e) : entry(&e) {
      const KeyProbe probe(e.key);
      high = probe.high;
      low = probe.low;
    }
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    Entry* entry;
  };
  struct Less {
    using is_transparent = void;
    static BytesView key_of(const KeyProbe& probe) { return probe.key; }
    static BytesView key_of(const Slot& slot) { return slot.entry->key; }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      if (a.high != b.high) return a.high < b.high;
      if (a.low != b.low) return a.low < b.low;
      return key_of(a) < key_of(b);
    }
  };
  using Ordered = absl::btree_set<Slot, Less>;

  bool empty() const { return by_hash_.empty(); }
  std::size_t size() const { return by_hash_.size(); }

  Entry* find(BytesView key) const { return by_hash_.find(key); }
  // Of a key that will be looked for.
  void prefetch(BytesView key, Ahead ahead) const { by_hash_.prefetch(key, ahead); }

  // Its key must not be there yet.
  void add(Entry& entry) {
    by_hash_.add(entry);
    unordered_.push_back(&entry);
  }

  void remove(Entry& entry) {
    ordered();
    ordered_.erase(ordered_.find(KeyProbe(entry.key)));
    by_hash_.remove(entry);
  }

  void clear() {
    by_hash_.clear();
    unordered_ = {};
    ordered_.clear();
  }

  const Ordered& ordered() const {
    for (Entry* entry : unordered_) ordered_.insert(Slot(*entry));
    unordered_.clear();
    return ordered_;
  }

 private:
  KeyTable<Entry> by_hash_ = {};
  mutable std::vector<Entry*> unordered_ = {};  // not in the tree yet
  mutable Ordered ordered_ = {};
};

}  // namespace levada::internal
