// Lists of values by key, on bytes, in Kafka Streams' form (append_list_value): of stores in which a key has several.
//
//   ListValueBytes lists(host);
//   lists.add("k", "v");                                     // behind the others
//   for (const BytesView value : lists.get("k")) …
//   for (auto it = lists.all(); it->valid(); it->next()) …   // keys again and again, value by value
//
// A guest of its StoreHost; the same thread and errors. Views last until the next call.
#pragma once

#include <memory>
#include <vector>

#include <levada/state/store_host.h>

namespace levada {

class ListValueBytes {
 public:
  explicit ListValueBytes(StoreHost& host) : host_(host) {}

  void add(BytesView key, BytesView value);
  std::vector<BytesView> get(BytesView key) const;
  bool contains(BytesView key) const { return host_.get(key, list_); }
  void remove(BytesView key) { host_.put(key, std::nullopt); }
  std::unique_ptr<ByteIterator> all() const;

  StoreHost& host() const { return host_; }

 private:
  StoreHost& host_;
  mutable Bytes list_ = {};
  Bytes longer_ = {};
};

}  // namespace levada
