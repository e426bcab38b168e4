// Holds the changes of a table back until event time has passed, and lets the last one of each key go then.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <levada/core/change.h>
#include <levada/core/observed_time.h>
#include <levada/core/processor.h>
#include <levada/core/serde.h>
#include <levada/core/windowed.h>
#include <levada/dsl/operators/record_scope.h>
#include <levada/dsl/suppressed.h>
#include <levada/dsl/table_view.h>
#include <levada/state/change_buffer.h>
#include <levada/state/key_value_store.h>

namespace levada::internal {

template <class K, class A>
struct SuppressSettings {
  Duration wait = {};
  BufferLimits limits = {};
  Serde<K> key = {};
  Serde<A> value = {};
};

// Results of windows that are closed: a change waits from the end of its window on, and rows that are gone never were.
struct FinalResults {
  static constexpr bool kDropsTombstones = true;
  template <class K, class A>
  static Timestamp time_of(const Record<K, Change<A>>& record) {
    return record.key.window.end;
  }
};

struct TimeLimited {
  static constexpr bool kDropsTombstones = false;
  template <class K, class A>
  static Timestamp time_of(const Record<K, Change<A>>& record) {
    return record.timestamp;
  }
};

[[noreturn]] void throw_buffer_is_full(const std::string& node, ChangeBuffer& buffer, const BufferLimits& limits);

template <class K, class A, class Kind>
class Suppress final : public Processor<K, Change<A>, K, Change<A>> {
 public:
  Suppress(OperatorContext& context, const StoreRef<ChangeBuffer>& store, SuppressSettings<K, A> settings)
      : context_(context), buffer_(context.store(store)), settings_(std::move(settings)), time_(context.time_limit()) {}

  void process(const Record<K, Change<A>>& record) override {
    time_.observe(record.timestamp);
    hold(record);
    emit_due();
    if (!is_full()) return;
    if (settings_.limits.when_full == WhenFull::kShutDown)
      throw_buffer_is_full(this->name(), buffer_, settings_.limits);
    emit_while([this] { return is_full(); });
  }

 private:
  bool on_time_passed(Timestamp time) override {
    time_.observe(time);
    const std::size_t held = buffer_.size();
    emit_due();
    return buffer_.size() != held;
  }

  void emit_due() {
    const Timestamp due = time_.now() - settings_.wait;
    emit_while([this, due] { return *buffer_.earliest() <= due; });
  }

  void hold(const Record<K, Change<A>>& record) {
    key_bytes_.clear();
    settings_.key.encode(record.key, key_bytes_);
    const RecordContext& now = context_.record();
    buffer_.put(key_bytes_,
                {.before = encoded(record.value.before, before_bytes_),
                 .after = encoded(record.value.after, after_bytes_),
                 .time = Kind::time_of(record)},
                {record.timestamp, now.source, now.offset, &record.headers});
  }

  NullableView encoded(const std::optional<A>& row, Bytes& out) const {
    out.clear();
    if (!row || !settings_.value.encode(*row, out)) return std::nullopt;
    return out;
  }

  bool is_full() const { return buffer_.size() > settings_.limits.records || buffer_.bytes() > settings_.limits.bytes; }

  template <class Due>
  void emit_while(Due due) {
    buffer_.evict_while(due, [this](BytesView key, const BufferedChange& change) {
      if (Kind::kDropsTombstones && !change.after) return;
      emit_change(key, change);
    });
  }

  // As the record that it was: with its place, time and headers.
  void emit_change(BytesView key_bytes, const BufferedChange& held) {
    const StoredContext stored = read_record_context(held.context);
    const K key = settings_.key.decode(key_bytes);
    const Change<A> change = {.before = decoded(held.before), .after = decoded(held.after)};
    const RecordScope as_then(context_, stored.view());
    this->emit({key, change, stored.timestamp, stored.headers});
  }

  std::optional<A> decoded(NullableView row) const {
    if (!row) return std::nullopt;
    return settings_.value.decode(*row);
  }

  OperatorContext& context_;
  ChangeBuffer& buffer_;
  const SuppressSettings<K, A> settings_;
  ObservedTime time_;
  Bytes key_bytes_ = {};
  Bytes before_bytes_ = {};
  Bytes after_bytes_ = {};
};

// The rows of a suppressed table: of a key that is held back, the one from before; of others, that of the table above.
template <class K, class A>
class SuppressedRows final : public TableGetter<K, A> {
 public:
  SuppressedRows(ChangeBuffer& buffer, const SuppressSettings<K, A>& settings, std::unique_ptr<TableGetter<K, A>> above)
      : buffer_(buffer), key_(settings.key), value_(settings.value), above_(std::move(above)) {}

  std::optional<ValueAndTimestamp<A>> get(const K& key) override {
    key_bytes_.clear();
    key_.encode(key, key_bytes_);
    if (!buffer_.get_prior(key_bytes_, prior_)) return above_->get(key);
    if (!prior_) return std::nullopt;
    return ValueAndTimestamp<A>{.value = value_.decode(*prior_), .timestamp = kNoTimestamp};
  }

 private:
  ChangeBuffer& buffer_;
  const Serde<K> key_;
  const Serde<A> value_;
  const std::unique_ptr<TableGetter<K, A>> above_;
  Bytes key_bytes_ = {};
  NullableBytes prior_ = std::nullopt;
};

}  // namespace levada::internal
