// When a record happened, as its source finds out: a function of its value, of its key and value, or of the whole
// record.
//
//   builder.stream<std::string, Order>("orders", {.timestamp = &Order::time});
//   builder.stream<std::string, Order>("orders", {.timestamp = [](const Order& order) { return parse(order.time); }});
//   builder.stream<std::string, Order>("orders", {.timestamp = use_partition_time_on_invalid_timestamp});
//
// A record whose timestamp is negative then is counted as dropped. What the function throws is fatal.
#pragma once

#include <concepts>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include <levada/core/context.h>
#include <levada/core/record.h>
#include <levada/core/time.h>
#include <levada/dsl/callback.h>

namespace levada {

namespace internal {

template <class F, class K, class V>
concept OfRecord = std::is_invocable_r_v < Timestamp,
        F&, const Record<K, V>
&, Timestamp > ;
template <class F, class K, class V>
concept OfRecordAndContext = std::is_invocable_r_v < Timestamp,
        F&, const Record<K, V>
&, Timestamp, const Context& > ;
template <class F, class K, class V>
concept TimeOfRecord = OfRecordAndContext<F, K, V> || OfRecord<F, K, V> ||
    (Callback<F, K, V>&& std::convertible_to<ResultOf<F, K, V>, Timestamp>);

[[noreturn]] inline void fail_on_timestamp(Timestamp timestamp) {
  throw std::invalid_argument("the record's timestamp " + std::to_string(timestamp.time_since_epoch().count()) +
                              " is negative; another timestamp extractor could skip it, or tell another time");
}

}  // namespace internal

template <class K, class V>
class TimestampExtractor {
 public:
  // As default.timestamp.extractor says: the record's own timestamp, unless that was changed.
  TimestampExtractor() = default;

  // Timestamp(const V&), Timestamp(const K&, const V&), or Timestamp(const Record<K, V>&, Timestamp partition_time),
  // the last one perhaps with a const Context& behind.
  template <class F>
  requires(!std::same_as<F, TimestampExtractor>) TimestampExtractor(F f) {  // NOLINT(google-explicit-constructor)
    static_assert(internal::TimeOfRecord<F, K, V>,
                  "timestamp: needs Timestamp(const V&), Timestamp(const K&, const V&) or "
                  "Timestamp(const Record<K, V>&, Timestamp partition_time)");
    if constexpr (internal::TimeOfRecord<F, K, V>) {
      extract_ = [f = std::move(f)](const Record<K, V>& record, Timestamp partition_time,
                                    const Context& context) mutable -> Timestamp {
        if constexpr (internal::OfRecordAndContext<F, K, V>) {
          return f(record, partition_time, context);
        } else if constexpr (internal::OfRecord<F, K, V>) {
          return f(record, partition_time);
        } else {
          return internal::call(f, record.key, record.value);
        }
      };
    }
  }

  explicit operator bool() const { return static_cast<bool>(extract_); }

  // Without a function, the record's own timestamp.
  Timestamp operator()(const Record<K, V>& record, Timestamp partition_time, const Context& context) const {
    return extract_ ? extract_(record, partition_time, context) : record.timestamp;
  }

 private:
  std::function<Timestamp(const Record<K, V>&, Timestamp, const Context&)> extract_ = {};
};

// The record's own timestamp; a negative one is an error.
struct FailOnInvalidTimestamp {
  template <class K, class V>
  Timestamp operator()(const Record<K, V>& record, Timestamp) const {
    if (record.timestamp < Timestamp{}) internal::fail_on_timestamp(record.timestamp);
    return record.timestamp;
  }
};
inline constexpr FailOnInvalidTimestamp fail_on_invalid_timestamp = {};

// The record's own timestamp; the record is counted as dropped where that is negative.
struct LogAndSkipOnInvalidTimestamp {
  template <class K, class V>
  Timestamp operator()(const Record<K, V>& record, Timestamp) const {
    return record.timestamp;
  }
};
inline constexpr LogAndSkipOnInvalidTimestamp log_and_skip_on_invalid_timestamp = {};

// The record's own timestamp, or where that is negative the highest one of the partition so far.
struct UsePartitionTimeOnInvalidTimestamp {
  template <class K, class V>
  Timestamp operator()(const Record<K, V>& record, Timestamp partition_time) const {
    return record.timestamp < Timestamp{} ? partition_time : record.timestamp;
  }
};
inline constexpr UsePartitionTimeOnInvalidTimestamp use_partition_time_on_invalid_timestamp = {};

// The time at which the record is read.
struct WallclockTimestamp {
  template <class K, class V>
  Timestamp operator()(const Record<K, V>&, Timestamp, const Context& context) const {
    return context.wall_clock_time();
  }
};
inline constexpr WallclockTimestamp wallclock_timestamp = {};

}  // namespace levada
