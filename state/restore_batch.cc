#include <algorithm>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/core/value_and_timestamp.h>
#include <levada/state/restore_batch.h>

namespace levada {

RestoreBatch::RestoreBatch(const StoreHost& host) : host_(host) {
  if (host.has_segments()) segments_.emplace(host.segments());
}

absl::Status RestoreBatch::add(absl::Span<const RestoreRecord> records) {
  if (segments_) LEVADA_RETURN_IF_ERROR(observe(records));
  for (const RestoreRecord& record : records) add(record);
  for (const auto& [key, value] : latest_) {
    bytes_ += key.size() + (value ? value->size() : 0);
    if (segments_ && value) segment_ids_.insert(read_segment_id(key));
  }
  return absl::OkStatus();
}

absl::Status RestoreBatch::observe(absl::Span<const RestoreRecord> records) {
  for (const RestoreRecord& record : records) {
    if (record.key.size() < kWindowKeySuffix) {
      return absl::DataLossError(fmt::format("changelog of store {}: a key of {} bytes is no window key",
                                             host_.spec().name, record.key.size()));
    }
    const WindowKey window = read_window_key(record.key);
    segments_->observe(window.start);
    segments_->reset({segments_->progress().observed, std::max(segments_->progress().seqnum, window.seqnum)});
  }
  return absl::OkStatus();
}

void RestoreBatch::add(const RestoreRecord& record) {
  if (segments_ && !segments_->keeps(read_window_key(record.key).start)) return;
  NullableBytes& value = latest_[segments_ ? segments_->key_from_changelog(record.key) : Bytes(record.key)];
  value.reset();
  if (!record.value) return;
  value.emplace();
  if (host_.spec().timestamped) {
    append_value_and_timestamp({.value = *record.value, .timestamp = record.timestamp}, *value);
  } else {
    *value = *record.value;
  }
}

void RestoreBatch::for_each(absl::FunctionRef<void(BytesView, NullableView)> visit) const {
  for (const auto& [key, value] : latest_) visit(key, value ? NullableView(*value) : NullableView());
}

WindowProgress RestoreBatch::progress() const { return segments_ ? segments_->progress() : WindowProgress(); }

}  // namespace levada
