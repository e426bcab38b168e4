// Joins a record of a stream with the row of a table when the stream has come further by the grace: rows that come late
// until then are found.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include <levada/core/serde.h>
#include <levada/dsl/operators/join_with_rows.h>
#include <levada/dsl/operators/record_scope.h>
#include <levada/state/record_buffer.h>

namespace levada::internal {

template <class K, class V>
struct JoinBuffer {
  StoreRef<RecordBuffer::Store> store = {};
  Duration grace = {};
  Serde<K> key = {};
  Serde<V> value = {};
};

template <JoinKind kKind, class K, class V, class Row, class F>
class JoinWithRowsLater final : public JoinWithRows<kKind, K, V, Row, OwnKey<K, V>, F> {
  using Base = JoinWithRows<kKind, K, V, Row, OwnKey<K, V>, F>;

 public:
  JoinWithRowsLater(OperatorContext& context, std::unique_ptr<typename Base::Getter> rows, JoinBuffer<K, V> options,
                    F joiner)
      : Base(context, std::move(rows), {}, std::move(joiner)),
        options_(std::move(options)),
        buffer_(context.store(options_.store), context) {}

  void process(const Record<K, V>& record) override {
    if (!this->accepts(record)) return;
    // What comes too late to wait is joined at once.
    if (record.timestamp < due() || !keep(record)) this->join(record);
    join_due();
  }

 private:
  bool on_time_passed(Timestamp time) override {
    buffer_.observe(time);
    return join_due();
  }

  bool join_due() {
    bool any = false;
    buffer_.take_until(due(), [this, &any](BytesView key, BytesView value, const RecordContext& context) {
      any = true;
      join_later(key, value, context);
    });
    return any;
  }

  Timestamp due() const { return buffer_.observed() - options_.grace; }

  // Without a key there is nothing that a late row could be found by.
  bool keep(const Record<K, V>& record) {
    key_bytes_.clear();
    value_bytes_.clear();
    if (!options_.key.encode(record.key, key_bytes_) || !options_.value.encode(record.value, value_bytes_))
      return false;
    RecordContext context = this->context().record();
    context.timestamp = record.timestamp;
    context.headers = &record.headers;
    buffer_.put(key_bytes_, value_bytes_, context);
    return true;
  }

  void join_later(BytesView key_bytes, BytesView value_bytes, const RecordContext& context) {
    const K key = options_.key.decode(key_bytes);
    const V value = options_.value.decode(value_bytes);
    const Record<K, V> record(key, value, context.timestamp, *context.headers);
    const RecordScope as_then(this->context(), context);
    if (this->accepts(record)) this->join(record);
  }

  const JoinBuffer<K, V> options_;
  RecordBuffer buffer_;
  Bytes key_bytes_ = {};
  Bytes value_bytes_ = {};
};

}  // namespace levada::internal
