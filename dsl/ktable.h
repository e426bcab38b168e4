// A table under construction: the latest row of each key. Keys of windowed tables are Windowed<K>. V is std::optional
// where rows can vanish.
//
//   orders.group_by_key().count().to_stream().to("orders-per-customer");
//
// A value, as KStream is; valid as long as its builder.
#pragma once

#include <memory>
#include <utility>

#include <levada/dsl/callback.h>
#include <levada/dsl/named.h>
#include <levada/dsl/operators/to_stream.h>
#include <levada/dsl/stream_point.h>

namespace levada {

template <class K, class V>
class KStream;

template <class K, class V>
class KTable {
 public:
  using Key = K;
  using Value = V;

  // For the library: tables come from aggregations.
  explicit KTable(internal::StreamPoint at) : at_(at) {}

  // Every change of a row, as a record; nullopt when the row is gone.
  KStream<K, V> to_stream(Named options = {}) const {
    return KStream<K, V>(at_.then({.prefix = "KTABLE-TOSTREAM-", .name = options.name},
                                  [](OperatorContext&) { return std::make_unique<internal::ToStream<K, V>>(); }));
  }

  // The same with other keys: mapper(const K&, const V&), or mapper(const V&).
  template <class F>
  requires(!std::convertible_to<F, Named>) auto to_stream(F mapper, Named options = {}) const {
    static_assert(internal::Mapper<F, K, V>,
                  "to_stream: needs a function of (const K&, const V&) or (const V&) that returns the new key");
    return to_stream(options).select_key(std::move(mapper));
  }

 private:
  internal::StreamPoint at_;
};

}  // namespace levada
