// Records of a changelog on their way into a store: the last value of each key, in the store's format and order.
//
//   RestoreBatch batch(host);
//   RETURN_IF_ERROR(batch.take(records));                                // which outlive it
//   batch.for_each([&](BytesView key, NullableView value) { … });       // sorted
//
// Timestamped stores get the record's timestamp in front of the value, window stores the segment in front of the key;
// those that are walked by time have another key before each of these, which is out of order.
// Event time first advances to the latest start of the batch; what is expired then is left out. Part of TaskState.
#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <levada/state/store_host.h>
#include <levada/state/task_state.h>

namespace levada {

class RestoreBatch {
 public:
  using Visitor = absl::FunctionRef<void(BytesView key, NullableView value)>;

  explicit RestoreBatch(const StoreHost& host);

  // Once. kDataLoss for a key that is no window key.
  absl::Status take(absl::Span<const RestoreRecord> records);
  void for_each(Visitor visit) const;

  std::size_t bytes() const { return bytes_; }
  WindowProgress progress() const;
  const std::set<std::int64_t>& segments() const { return segment_ids_; }  // of what is kept

 private:
  // A record, and what it is sorted by: the segment, the first bytes of the key as numbers, the key.
  struct Item {
    std::uint64_t segment;
    std::uint64_t high;
    std::uint64_t low;
    const RestoreRecord* record;
  };
  static bool comes_first(const Item& a, const Item& b);
  void visit_time_key(BytesView key, bool is_there, Visitor visit) const;
  static void fetch_ahead(const Item* item, const Item* end);

  absl::Status observe(absl::Span<const RestoreRecord> records);
  absl::StatusOr<absl::Span<const RestoreRecord>> upgraded(absl::Span<const RestoreRecord> records);
  void collect(absl::Span<const RestoreRecord> records);
  void keep_the_latest();

  const StoreHost& host_;
  std::optional<WindowSegments> segments_;  // as the store's will be
  std::vector<Item> items_ = {};
  std::vector<RestoreRecord> upgraded_ = {};
  std::deque<Bytes> upgraded_values_ = {};
  std::set<std::int64_t> segment_ids_ = {};
  std::size_t bytes_ = 0;
};

}  // namespace levada
