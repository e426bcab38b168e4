#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include <levada/core/buffered_change.h>
#include <levada/core/window_key.h>
#include <levada/state/record_buffer.h>

namespace levada {

RecordBuffer::RecordBuffer(Store& store, OperatorContext& context)
    : store_(store), context_(context), time_(context.time_limit()) {
  for (const auto& [bytes, value] : store_.all()) {
    const WindowKey key = read_time_first_window_key(bytes);
    earliest_ = std::min(earliest_, key.start);
    time_.observe(key.start);
    seqnum_ = std::max(seqnum_, key.seqnum);
  }
}

void RecordBuffer::put(BytesView key, BytesView value, const RecordContext& record) {
  seqnum_ = seqnum_ == std::numeric_limits<std::int32_t>::max() ? 1 : seqnum_ + 1;
  key_.clear();
  append_time_first_window_key({.key = key, .start = record.timestamp, .seqnum = seqnum_}, key_);
  value_.clear();
  append_buffered_change(record, {.after = value, .time = Timestamp(Duration(0))}, value_);
  write(key_, value_);
  earliest_ = std::min(earliest_, record.timestamp);
  time_.observe(record.timestamp);
}

void RecordBuffer::take_until(Timestamp last, Visitor visit) {
  if (earliest_ > last) return;
  Bytes end;
  append_time_first_window_key({.key = {}, .start = last + Duration(1)}, end);
  end.resize(end.size() - sizeof(std::int32_t));
  for (const auto& [bytes, value] : store_.range(std::nullopt, end)) {
    const WindowKey key = read_time_first_window_key(bytes);
    const BufferedChange change = read_buffered_change(value);
    const StoredContext record = read_record_context(change.context);
    visit(key.key, change.after.value(), record.view());
    write(bytes, std::nullopt);
  }
  earliest_ = last + Duration(1);
}

// Without a time, so that the changelog record gets that of the moment.
void RecordBuffer::write(const Bytes& key, NullableView value) {
  const RecordContext current = context_.record();
  context_.set_record({.timestamp = kNoTimestamp});
  if (value) {
    store_.put(key, Bytes(*value));
  } else {
    store_.put(key, std::nullopt);
  }
  context_.set_record(current);
}

}  // namespace levada
