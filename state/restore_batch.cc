#include <algorithm>

#include <fmt/format.h>

#include <levada/core/buffered_change.h>
#include <levada/core/prefetch.h>
#include <levada/core/serde_traits.h>
#include <levada/core/status_macros.h>
#include <levada/core/stored_headers.h>
#include <levada/core/time_mark.h>
#include <levada/core/value_and_timestamp.h>
#include <levada/state/key_index.h>
#include <levada/state/restore_batch.h>

namespace levada {

namespace {

// What is said of the store's time is not the record's.
void append_kept_headers(const Headers& headers, Bytes& out) {
  if (time_limit_of(headers) == kNoTimeLimit) return append_headers_prefix(headers, out);
  Headers kept = headers;
  std::erase_if(kept, [](const Header& header) { return header.key == kTimeLimitHeader; });
  append_headers_prefix(kept, out);
}

}  // namespace

RestoreBatch::RestoreBatch(const StoreHost& host) : host_(host) {
  if (host.has_segments()) segments_.emplace(host.segments());
}

absl::Status RestoreBatch::take(absl::Span<const RestoreRecord> records) {
  if (segments_) LEVADA_RETURN_IF_ERROR(observe(records));
  if (host_.spec().shape == StoreShape::kChangeBuffer) {
    LEVADA_ASSIGN_OR_RETURN(records, upgraded(records));
  }
  collect(records);
  std::ranges::sort(items_, comes_first);
  keep_the_latest();
  for (const Item& item : items_) {
    bytes_ += item.record->key.size() + item.record->value.value_or(BytesView()).size();
    if (segments_ && item.record->value) segment_ids_.insert(static_cast<std::int64_t>(item.segment));
  }
  return absl::OkStatus();
}

// What older versions of Kafka Streams wrote, in the format of today.
absl::StatusOr<absl::Span<const RestoreRecord>> RestoreBatch::upgraded(absl::Span<const RestoreRecord> records) {
  upgraded_.assign(records.begin(), records.end());
  for (RestoreRecord& record : upgraded_) {
    if (!record.value) continue;
    NullableView version = std::nullopt;
    for (const Header& header : record.headers == nullptr ? no_headers() : *record.headers) {
      if (header.key == kBufferedChangeHeader && header.value) version = *header.value;
    }
    try {
      upgraded_values_.push_back(upgraded_buffered_change(version, *record.value, record.timestamp));
    } catch (const SerdeError& error) {
      return absl::DataLossError(fmt::format("changelog of store {}: {}", host_.spec().name, error.what()));
    }
    record.value = upgraded_values_.back();
  }
  return upgraded_;
}

absl::Status RestoreBatch::observe(absl::Span<const RestoreRecord> records) {
  for (const RestoreRecord& record : records) {
    if (!segments_->is_changelog_key(record.key)) {
      return absl::DataLossError(fmt::format("changelog of store {}: a key of {} bytes is no window key",
                                             host_.spec().name, record.key.size()));
    }
    segments_->observe(record.key, record.headers != nullptr ? time_limit_of(*record.headers) : kNoTimeLimit);
  }
  return absl::OkStatus();
}

void RestoreBatch::collect(absl::Span<const RestoreRecord> records) {
  items_.reserve(records.size());
  for (const RestoreRecord& record : records) {
    const internal::KeyProbe probe(record.key);
    Item item{.segment = 0, .high = probe.high, .low = probe.low, .record = &record};
    if (segments_) {
      const Timestamp time = segments_->time_of(record.key);
      if (!segments_->keeps(time)) continue;
      item.segment = static_cast<std::uint64_t>(segments_->id_of(time));
    }
    items_.push_back(item);
  }
}

// Of one key, the latest record comes first: records stand in the order of the changelog.
bool RestoreBatch::comes_first(const Item& a, const Item& b) {
  if (a.segment != b.segment) return a.segment < b.segment;
  if (a.high != b.high) return a.high < b.high;
  if (a.low != b.low) return a.low < b.low;
  const int keys = a.record->key.compare(b.record->key);
  return keys != 0 ? keys < 0 : a.record > b.record;
}

void RestoreBatch::keep_the_latest() {
  const auto older = std::ranges::unique(items_, [](const Item& a, const Item& b) {
    return a.segment == b.segment && a.high == b.high && a.low == b.low && a.record->key == b.record->key;
  });
  items_.erase(older.begin(), older.end());
}

// Sorted records stand anywhere in memory: to wait for each of them was a third of a restore.
void RestoreBatch::fetch_ahead(const Item* item, const Item* end) {
  constexpr std::ptrdiff_t kRecordAhead = 16;
  constexpr std::ptrdiff_t kBytesAhead = 8;
  if (end - item > kRecordAhead) internal::prefetch(item[kRecordAhead].record);
  if (end - item > kBytesAhead) internal::prefetch(item[kBytesAhead].record->key.data());
}

void RestoreBatch::for_each(Visitor visit) const {
  const bool is_timestamped = host_.spec().timestamped;
  const bool has_headers = host_.spec().headers;
  Bytes key;
  Bytes value;
  for (const Item *item = items_.data(), *end = item + items_.size(); item != end; ++item) {
    fetch_ahead(item, end);
    const RestoreRecord& record = *item->record;
    BytesView stored_key = record.key;
    if (segments_) stored_key = key = segments_->key_from_changelog(record.key);
    if (host_.spec().by_time) visit_time_key(stored_key, record.value.has_value(), visit);
    if (!record.value || (!is_timestamped && !has_headers)) {
      visit(stored_key, record.value);
      continue;
    }
    value.clear();
    if (has_headers) append_kept_headers(record.headers != nullptr ? *record.headers : no_headers(), value);
    if (is_timestamped) {
      append_value_and_timestamp({.value = *record.value, .timestamp = record.timestamp}, value);
    } else {
      value += *record.value;
    }
    visit(stored_key, value);
  }
}

void RestoreBatch::visit_time_key(BytesView key, bool is_there, Visitor visit) const {
  Bytes time_key;
  segments_->append_time_key(key, time_key);
  visit(time_key, is_there ? NullableView(BytesView()) : NullableView());
}

WindowProgress RestoreBatch::progress() const { return segments_ ? segments_->progress() : WindowProgress(); }

}  // namespace levada
