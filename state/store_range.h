// What a store hands out for a range: walk it once with a range-for.
//
//   for (const auto& [key, value] : store.range("a", "c")) …
//   std::vector<std::pair<K, V>> rows = store.all().to_vector();
//
// Entries are decoded one by one, while walking; what was written ahead meanwhile is seen. Writing to the store while
// walking it is fine. Must not outlive the store.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <levada/state/byte_store.h>

namespace levada {

template <class Item>
class StoreRange {
 public:
  using Decode = std::function<Item(BytesView key, BytesView value)>;

  StoreRange(std::unique_ptr<ByteIterator> bytes, Decode decode)
      : bytes_(std::move(bytes)), decode_(std::move(decode)) {
    load();
  }

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Item;
    using difference_type = std::ptrdiff_t;
    using pointer = const Item*;
    using reference = const Item&;

    explicit Iterator(StoreRange& range) : range_(&range) {}
    const Item& operator*() const { return *range_->item_; }
    const Item* operator->() const { return &*range_->item_; }
    Iterator& operator++() {
      range_->step();
      return *this;
    }
    void operator++(int) { range_->step(); }
    bool operator==(std::default_sentinel_t) const { return !range_->item_; }

   private:
    StoreRange* range_;
  };

  // Continues where the last walk stopped.
  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const { return std::default_sentinel; }

  std::vector<Item> to_vector() {
    std::vector<Item> items;
    for (const Item& item : *this) items.push_back(item);
    return items;
  }

 private:
  void step() {
    bytes_->next();
    load();
  }

  void load() {
    item_.reset();
    if (bytes_->valid()) item_.emplace(decode_(bytes_->key(), bytes_->value()));
  }

  std::unique_ptr<ByteIterator> bytes_;
  Decode decode_;
  std::optional<Item> item_ = std::nullopt;
};

}  // namespace levada
