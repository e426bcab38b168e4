// Entries by key, with what it takes to have them in the processor's caches before they are looked for.
//
//   KeyTable<Entry> table;                  // Entry has a member `key` that is a BytesView, and never changes
//   table.add(entry);                       // a guest: must stay where it is
//   table.prefetch("k", Ahead::kSoon);      // some records later …
//   table.prefetch("k", Ahead::kNext);
//   Entry* found = table.find("k");
//
// Places with the whole hash beside the pointer, searched one after the other from where the hash says: a key is one
// cache line, then its entry, where a table that keeps hashes apart has three; to grow it looks at no entry; and what
// is to be prefetched can be told without one. A tenth of a count of 100,000 keys. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <absl/hash/hash.h>
#include <absl/strings/string_view.h>

#include <levada/core/bytes.h>
#include <levada/core/prefetch.h>

namespace levada::internal {

// How long before it is looked for a key is told.
enum class Ahead {
  kSoon,  // its place in the table is fetched
  kNext,  // the place is there: its entry is
};

template <class Entry>
class KeyTable {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  Entry* find(BytesView key) const {
    if (empty()) return nullptr;
    const std::size_t hash = hash_of(key);
    for (std::size_t at = first(hash); places_[at].entry != nullptr; at = next(at)) {
      if (places_[at].hash == hash && BytesView(places_[at].entry->key) == key) return places_[at].entry;
    }
    return nullptr;
  }

  // Its key must not be there yet.
  void add(Entry& entry) {
    if (kPlaces * (size_ + 1) > kEntries * places_.size()) grow();
    put({hash_of(entry.key), &entry});
    ++size_;
  }

  // It must be there.
  void remove(const Entry& entry) {
    std::size_t gap = first(hash_of(entry.key));
    while (places_[gap].entry != &entry) gap = next(gap);
    // Whoever stands behind a gap only because it was taken moves up.
    for (std::size_t at = next(gap); places_[at].entry != nullptr; at = next(at)) {
      const std::size_t away = (at - first(places_[at].hash)) & mask();
      if (away < ((at - gap) & mask())) continue;
      places_[gap] = places_[at];
      gap = at;
    }
    places_[gap] = {};
    --size_;
  }

  void clear() {
    places_ = {};
    size_ = 0;
  }

  void prefetch(BytesView key, Ahead ahead) const {
    if (places_.size() < kWorthwhile) return;
    const std::size_t hash = hash_of(key);
    std::size_t at = first(hash);
    if (ahead == Ahead::kSoon) return internal::prefetch(&places_[at]);
    while (places_[at].entry != nullptr && places_[at].hash != hash) at = next(at);
    if (const Entry* entry = places_[at].entry) prefetch_object(*entry);
  }

 private:
  struct Place {
    std::size_t hash = 0;
    Entry* entry = nullptr;
  };

  // At most so many entries on so many places.
  static constexpr std::size_t kEntries = 5;
  static constexpr std::size_t kPlaces = 8;
  static constexpr std::size_t kFewest = 16;
  static constexpr std::size_t kWorthwhile = 8192;  // smaller ones are in the caches anyway

  static std::size_t hash_of(BytesView key) { return absl::HashOf(absl::string_view(key.data(), key.size())); }

  std::size_t mask() const { return places_.size() - 1; }  // as many as a power of two
  std::size_t first(std::size_t hash) const { return hash & mask(); }
  std::size_t next(std::size_t at) const { return (at + 1) & mask(); }

  void put(const Place& place) {
    std::size_t at = first(place.hash);
    while (places_[at].entry != nullptr) at = next(at);
    places_[at] = place;
  }

  void grow() {
    const std::vector<Place> old = std::exchange(places_, std::vector<Place>(std::max(kFewest, 2 * places_.size())));
    for (const Place& place : old) {
      if (place.entry != nullptr) put(place);
    }
  }

  std::vector<Place> places_ = {};
  std::size_t size_ = 0;
};

}  // namespace levada::internal
