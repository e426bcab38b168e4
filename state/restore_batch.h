// Records of a changelog on their way into a store: the last value of each key, in the store's format and order.
//
//   RestoreBatch batch(host);
//   RETURN_IF_ERROR(batch.add(records));
//   batch.for_each([&](BytesView key, NullableView value) { … });       // sorted
//
// Timestamped stores get the record's timestamp in front of the value, window stores the segment in front of the key.
// Event time first advances to the latest start of the batch; what is expired then is left out. Part of TaskState.
#pragma once

#include <map>
#include <set>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/types/span.h>

#include <levada/state/store_host.h>
#include <levada/state/task_state.h>

namespace levada {

class RestoreBatch {
 public:
  explicit RestoreBatch(const StoreHost& host);

  // kDataLoss for a key that is no window key.
  absl::Status add(absl::Span<const RestoreRecord> records);
  void for_each(absl::FunctionRef<void(BytesView key, NullableView value)> visit) const;

  std::size_t bytes() const { return bytes_; }
  WindowProgress progress() const;
  const std::set<std::int64_t>& segments() const { return segment_ids_; }  // of what is kept

 private:
  absl::Status observe(absl::Span<const RestoreRecord> records);
  void add(const RestoreRecord& record);

  const StoreHost& host_;
  std::optional<WindowSegments> segments_;  // as the store's will be
  std::map<Bytes, NullableBytes> latest_ = {};
  std::set<std::int64_t> segment_ids_ = {};
  std::size_t bytes_ = 0;
};

}  // namespace levada
