// Changes of a table that are held back: the last one of each key, in the order of a time that the first one of the key
// had. What suppress stands on.
//
//   buffer.put("k", {.before = b, .after = a, .time = window_end}, record);
//   buffer.evict_while([&] { return *buffer.earliest() <= due; },
//                      [](BytesView key, const BufferedChange& change) { … });
//
// In memory, and always restored from its changelog, in Kafka Streams' format (core/buffered_change.h): of a key that
// comes and goes between two commits the changelog gets a tombstone. Its bytes count in the memory budget. Belongs to
// its task; used on the task's thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <absl/container/btree_set.h>
#include <absl/functional/function_ref.h>

#include <levada/core/buffered_change.h>
#include <levada/core/store.h>
#include <levada/state/store_host.h>

namespace levada {

struct ChangeBufferOptions {
  bool logging = true;
  std::map<std::string, std::string> topic_config = {};
};

class ChangeBuffer final : public StateStore {
 public:
  using Options = ChangeBufferOptions;
  using Visitor = absl::FunctionRef<void(BytesView key, const BufferedChange& change)>;

  static StoreSpec spec(std::string name, const Options& options);

  explicit ChangeBuffer(StoreHost& host) : host_(host) {}

  // A key that is there already keeps its time and prior row.
  void put(BytesView key, BufferedChange change, const RecordContext& record);

  // Hands out the earliest and then removes it, as long as there is one and it is `due`.
  void evict_while(absl::FunctionRef<bool()> due, Visitor visit);

  // The time of the first.
  std::optional<Timestamp> earliest();
  std::size_t size();
  // As Kafka Streams counts.
  std::size_t bytes();

  // Whether the key is held back; then `out` is its row from before that.
  bool get_prior(BytesView key, NullableBytes& out);

 private:
  using Place = std::pair<Timestamp, Bytes>;

  // Follows the entries where they were restored or rolled back.
  void follow();

  StoreHost& host_;
  absl::btree_set<Place> order_ = {};
  std::size_t bytes_ = 0;
  std::optional<std::uint64_t> followed_ = std::nullopt;  // up to this generation of entries
  Bytes stored_ = {};
  Bytes new_value_ = {};
  Bytes looked_up_ = {};
};

}  // namespace levada
