// A table under construction: the latest row of each key. Keys of windowed tables are Windowed<K>. V is std::optional
// where rows can vanish.
//
//   auto orders = builder.table<std::string, Order>("orders");              // KTable<std::string,
//   std::optional<Order>>
//   orders.filter(is_large).group_by(by_customer).count().to_stream().to("large-orders-per-customer");
//
// Functions take (const Row&) or (const K&, const Row&), where Row is V, or what is in it if V is optional: they see
// only rows that are there. Where Kafka Streams keeps no rows in a store, this keeps none: materialized_table.h says
// how to choose. A value, as KStream is; valid as long as its builder.
#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <levada/dsl/callback.h>
#include <levada/dsl/derived_table.h>
#include <levada/dsl/foreign_key_join.h>
#include <levada/dsl/grouped.h>
#include <levada/dsl/kgrouped_table.h>
#include <levada/dsl/materialized_table.h>
#include <levada/dsl/named.h>
#include <levada/dsl/operators/to_stream.h>
#include <levada/dsl/process_step.h>
#include <levada/dsl/suppressed_table.h>
#include <levada/dsl/table_join.h>
#include <levada/dsl/table_point.h>
#include <levada/dsl/table_transformer.h>

namespace levada {

template <class K, class V>
class KStream;

template <class K, class V>
class KTable {
 public:
  using Key = K;
  using Value = V;
  using Row = Unwrapped<V>;

  // For the library: tables come from builders, streams and aggregations.
  explicit KTable(internal::TablePoint<K, Row> point) : point_(std::move(point)) {}
  const internal::TablePoint<K, Row>& point() const { return point_; }

  // The rows for which the predicate holds; those of other keys are gone.
  template <class F>
  KTable<K, std::optional<Row>> filter(F keep) const {
    static_assert(internal::Predicate<F, K, Row>, "filter: needs bool(const V&) or bool(const K&, const V&)");
    return filtered<true>(std::move(keep), {}, false);
  }
  template <class F>
  KTable<K, std::optional<Row>> filter(F keep, const MaterializedTable<K, Row>& options) const {
    static_assert(internal::Predicate<F, K, Row>, "filter: needs bool(const V&) or bool(const K&, const V&)");
    return filtered<true>(std::move(keep), options, skip_number(options, "KTABLE-FILTER-"));
  }

  template <class F>
  KTable<K, std::optional<Row>> filter_not(F drop) const {
    static_assert(internal::Predicate<F, K, Row>, "filter_not: needs bool(const V&) or bool(const K&, const V&)");
    return filtered<false>(std::move(drop), {}, false);
  }
  template <class F>
  KTable<K, std::optional<Row>> filter_not(F drop, const MaterializedTable<K, Row>& options) const {
    static_assert(internal::Predicate<F, K, Row>, "filter_not: needs bool(const V&) or bool(const K&, const V&)");
    return filtered<false>(std::move(drop), options, skip_number(options, "KTABLE-FILTER-"));
  }

  // A function that returns std::nullopt removes the row.
  template <class F>
  auto map_values(F f) const {
    static_assert(internal::Mapper<F, K, Row>,
                  "map_values: needs a function of (const V&) or (const K&, const V&) that returns the new value");
    return mapped(std::move(f), {}, false);
  }
  template <class F>
  auto map_values(F f, const MaterializedTable<K, Unwrapped<internal::ResultOrNothing<F, K, Row>>>& options) const {
    static_assert(internal::Mapper<F, K, Row>,
                  "map_values: needs a function of (const V&) or (const K&, const V&) that returns the new value");
    return mapped(std::move(f), options, skip_number(options, "KTABLE-MAPVALUES-"));
  }

  // The rows that a TableTransformer<K, Row, VOut> makes: each task builds a P(context, args...), or a P(args...), and
  // the stores among the arguments are connected to it.
  //
  //   orders.transform_values<Rate>(rates);
  //   orders.transform_values<Rate>(MaterializedTable<std::string, double>{.store = "rated"}, rates);
  template <class P, class... Args>
  auto transform_values(Args... args) const {
    return transformed<P>({}, false, std::move(args)...);
  }
  template <class P, class... Args>
  auto transform_values(MaterializedTable<K, internal::TransformedRow<P>> options, Args... args) const {
    const bool names_nothing = options.store.empty() && options.name.empty();
    return transformed<P>(std::move(options), names_nothing, std::move(args)...);
  }

  // The same table, whose changes go on later and fewer: see suppressed.h.
  KTable suppress(const internal::UntilWindowCloses& how) const {
    static_assert(internal::kIsWindowed<K>,
                  "suppress: until_window_closes needs a windowed table; of others there is until_time_limit");
    const internal::SuppressNames names = internal::suppress_names(*point_.at.graph, how.name);
    return KTable(internal::suppressed_table<internal::FinalResults>(
        point_, names, internal::grace_of_windows(point_.at, names), how.limits));
  }
  KTable suppress(const internal::UntilTimeLimit& how) const {
    const internal::SuppressNames names = internal::suppress_names(*point_.at.graph, how.name);
    return KTable(internal::suppressed_table<internal::TimeLimited>(point_, names, how.wait, how.limits));
  }

  // Every change of a row, as a record; nullopt when the row is gone.
  KStream<K, V> to_stream(Named options = {}) const {
    return KStream<K, V>(point_.at.then({.prefix = "KTABLE-TOSTREAM-", .name = options.name},
                                        [](OperatorContext&) { return std::make_unique<internal::ToStream<K, V>>(); }));
  }

  // The same with other keys: mapper(const K&, const V&), or mapper(const V&).
  template <class F>
  requires(!std::convertible_to<F, Named>) auto to_stream(F mapper, Named options = {}) const {
    static_assert(internal::Mapper<F, K, V>,
                  "to_stream: needs a function of (const K&, const V&) or (const V&) that returns the new key");
    return to_stream(options).select_key(std::move(mapper));
  }

  // Rows belong together by another key: f returns a pair, the new key and what is to be aggregated. A row takes no
  // part while either is std::nullopt.
  //
  //   orders.group_by([](const Order& order) { return std::pair(order.customer, order.amount); })
  //       .aggregate(0.0, std::plus<>(), std::minus<>());
  template <class F>
  auto group_by(F f, Grouped<internal::GroupKey<F, K, Row>, internal::GroupValue<F, K, Row>> options = {}) const {
    static_assert(internal::PairMapper<F, K, Row>,
                  "group_by: needs a function of (const V&) or (const K&, const V&) that returns a pair: the new key "
                  "and the value to aggregate");
    if constexpr (internal::PairMapper<F, K, Row>) {
      return internal::regroup(point_, std::move(f), std::move(options));
    }
  }

  // The rows of both tables that have the same key, put together by joiner(const Row&, const VO&), the other table's
  // row being VO. The topics behind both must have the same number of partitions. Given options that name nothing, it
  // is kept in a store with a generated name. A joiner that returns std::nullopt removes the row.
  template <class KO, class VO, class F>
  auto join(const KTable<KO, VO>& other, F joiner) const {
    static_assert(internal::Joiner<F, K, Row, Unwrapped<VO>>, "join: needs a function of (const V&, const VO&)");
    return joined<internal::JoinKind::kInner, true>(other, std::move(joiner), {});
  }
  template <class KO, class VO, class F>
  auto join(const KTable<KO, VO>& other, F joiner,
            const MaterializedTable<K, Unwrapped<internal::JoinedValue<F, K, Row, Unwrapped<VO>>>>& options) const {
    static_assert(internal::Joiner<F, K, Row, Unwrapped<VO>>, "join: needs a function of (const V&, const VO&)");
    return joined<internal::JoinKind::kInner, true>(other, std::move(joiner), with_store(options));
  }

  // The same with every row of this table: joiner(const Row&, const std::optional<VO>&).
  template <class KO, class VO, class F>
  auto left_join(const KTable<KO, VO>& other, F joiner) const {
    static_assert(internal::Joiner<F, K, Row, std::optional<Unwrapped<VO>>>,
                  "left_join: needs a function of (const V&, const std::optional<VO>&)");
    return joined<internal::JoinKind::kLeft, is_optional_v<V>>(other, std::move(joiner), {});
  }
  template <class KO, class VO, class F>
  auto left_join(const KTable<KO, VO>& other, F joiner,
                 const MaterializedTable<K, Unwrapped<internal::JoinedValue<F, K, Row, std::optional<Unwrapped<VO>>>>>&
                     options) const {
    static_assert(internal::Joiner<F, K, Row, std::optional<Unwrapped<VO>>>,
                  "left_join: needs a function of (const V&, const std::optional<VO>&)");
    return joined<internal::JoinKind::kLeft, is_optional_v<V>>(other, std::move(joiner), with_store(options));
  }

  // With every row of either: joiner(const std::optional<Row>&, const std::optional<VO>&), not both of which are null.
  template <class KO, class VO, class F>
  auto outer_join(const KTable<KO, VO>& other, F joiner) const {
    static_assert(internal::Joiner<F, K, std::optional<Row>, std::optional<Unwrapped<VO>>>,
                  "outer_join: needs a function of (const std::optional<V>&, const std::optional<VO>&)");
    return joined < internal::JoinKind::kOuter,
           is_optional_v<V> || is_optional_v < VO >> (other, std::move(joiner), {});
  }
  template <class KO, class VO, class F>
  auto outer_join(
      const KTable<KO, VO>& other, F joiner,
      const MaterializedTable<
          K, Unwrapped<internal::JoinedValue<F, K, std::optional<Row>, std::optional<Unwrapped<VO>>>>>& options) const {
    static_assert(internal::Joiner<F, K, std::optional<Row>, std::optional<Unwrapped<VO>>>,
                  "outer_join: needs a function of (const std::optional<V>&, const std::optional<VO>&)");
    return joined < internal::JoinKind::kOuter,
           is_optional_v<V> || is_optional_v < VO >> (other, std::move(joiner), with_store(options));
  }

  // Each row with the row of another table whose key it names: foreign_key(const Row&), or foreign_key(const K&, const
  // Row&), tells that key, or std::nullopt. It follows changes on both sides, through topics of the application.
  //
  //   orders.join(customers, &Order::customer, with_customer, {.name = "with-customer"}, {.store = "complete-orders"});
  template <class KO, class VO, class X, class F>
  requires(!internal::kIsMaterializedTable<F>) auto join(
      const KTable<KO, VO>& other, X foreign_key, F joiner, const TableJoined<K, KO>& joined = {},
      const MaterializedTable<K, Unwrapped<internal::JoinedValue<F, K, Row, Unwrapped<VO>>>>& options = {}) const {
    static_assert(internal::Joiner<F, K, Row, Unwrapped<VO>>, "join: needs a function of (const V&, const VO&)");
    return joined_by_foreign_key<internal::JoinKind::kInner>(other, foreign_key, joiner, joined, options);
  }

  // The same with every row of this table: joiner(const Row&, const std::optional<VO>&).
  template <class KO, class VO, class X, class F>
  requires(!internal::kIsMaterializedTable<F>) auto left_join(
      const KTable<KO, VO>& other, X foreign_key, F joiner, const TableJoined<K, KO>& joined = {},
      const MaterializedTable<K, Unwrapped<internal::JoinedValue<F, K, Row, std::optional<Unwrapped<VO>>>>>& options =
          {}) const {
    static_assert(internal::Joiner<F, K, Row, std::optional<Unwrapped<VO>>>,
                  "left_join: needs a function of (const V&, const std::optional<VO>&)");
    return joined_by_foreign_key<internal::JoinKind::kLeft>(other, foreign_key, joiner, joined, options);
  }

  // The store's name, if the user gave one.
  std::optional<std::string> queryable_store_name() const {
    if (point_.queryable_store.empty()) return std::nullopt;
    return point_.queryable_store;
  }

 private:
  // Options that name nothing use up a number in Kafka Streams, and what is below does not know of versions any more.
  // True if they are such.
  template <class Options>
  bool skip_number(const Options& options, std::string_view prefix) const {
    const bool names_nothing = options.store.empty() && options.name.empty();
    if (names_nothing) point_.at.graph->names().next(prefix);
    return names_nothing;
  }

  template <bool kWanted, class F>
  KTable<K, std::optional<Row>> filtered(F holds, MaterializedTable<K, Row> options, bool forgets_versions) const {
    using Rows = internal::FilteredRows<K, Row, F, kWanted>;
    // Changes from no row to no row are kept from what is below, where it costs no store to know them.
    const bool sends_old_values = point_.send_old_values(internal::OldValues::kIfKept);
    options.value = internal::own_or_inherited(options.value, point_.value);
    const std::string name = options.name;
    return KTable<K, std::optional<Row>>(internal::derive_table<Row>(
        point_,
        {.prefix = "KTABLE-FILTER-",
         .name = name,
         .sends_old_values = sends_old_values,
         .forgets_versions = forgets_versions},
        [holds](OperatorContext&) { return Rows{holds}; }, std::move(options)));
  }

  template <class F>
  auto mapped(F f, const MaterializedTable<K, Unwrapped<internal::ResultOrNothing<F, K, Row>>>& options,
              bool forgets_versions) const {
    if constexpr (internal::Mapper<F, K, Row>) {
      using Result = internal::ResultOf<F, K, Row>;
      using B = Unwrapped<Result>;
      using Out = std::conditional_t<is_optional_v<V> || is_optional_v<Result>, std::optional<B>, B>;
      using Rows = internal::MappedRows<K, Row, B, F>;
      return KTable<K, Out>(internal::derive_table<B>(
          point_, {.prefix = "KTABLE-MAPVALUES-", .name = options.name, .forgets_versions = forgets_versions},
          [f](OperatorContext&) { return Rows{f}; }, options));
    }
  }

  template <class P, class... Args>
  auto transformed(MaterializedTable<K, internal::TransformedRow<P>> options, bool forgets_versions,
                   Args... args) const {
    static_assert(std::is_base_of_v<TableTransformer<K, Row, typename P::ValueOut>, P>,
                  "transform_values<P>: P must derive from TableTransformer<K, V, VOut> of this table's K and V, "
                  "without optional");
    using Rows = internal::TransformedRows<K, Row, internal::TransformedRow<P>, P>;
    std::vector<std::string> stores;
    (internal::append_store(args, stores), ...);
    const std::string name = options.name;
    return KTable<K, typename P::ValueOut>(internal::derive_table<internal::TransformedRow<P>>(
        point_,
        {.prefix = "KTABLE-TRANSFORMVALUES-",
         .name = name,
         .stores = std::move(stores),
         .forgets_versions = forgets_versions},
        [args...](OperatorContext& context) { return Rows{internal::construct<P>(context, args...)}; },
        std::move(options)));
  }

  // What Kafka Streams is given without a name for the store, it keeps all the same.
  template <class R>
  MaterializedTable<K, R> with_store(MaterializedTable<K, R> options) const {
    if (options.store.empty() && options.name.empty()) {
      options.store = point_.at.graph->names().next("KTABLE-MERGE-STATE-STORE-");
    }
    return options;
  }

  // kVanishes: rows can be gone although the joiner never returns null.
  template <internal::JoinKind kJoin, bool kVanishes, class KO, class VO, class F>
  auto joined(const KTable<KO, VO>& other, F joiner,
              const internal::JoinOptions<kJoin, K, Row, Unwrapped<VO>, F>& options) const {
    static_assert(internal::kJoinableKeys<K, KO>,
                  "join: both tables need keys of the same type; to join by another key, give the function that finds "
                  "it in a row in front of the joiner");
    using Joined = internal::JoinedRow<kJoin, K, Row, Unwrapped<VO>, F>;
    using R = Unwrapped<Joined>;
    using Out = std::conditional_t<kVanishes || is_optional_v<Joined>, std::optional<R>, R>;
    using Rows = internal::JoinRows<K, Row, Unwrapped<VO>, R, F, kJoin>;
    return KTable<K, Out>(internal::join_tables<R>(point_, other.point(), Rows{std::move(joiner)}, options));
  }

  template <internal::JoinKind kJoin, class KO, class VO, class X, class F>
  auto joined_by_foreign_key(const KTable<KO, VO>& other, X foreign_key, F joiner, const TableJoined<K, KO>& joined,
                             const internal::JoinOptions<kJoin, K, Row, Unwrapped<VO>, F>& options) const {
    static_assert(std::is_same_v<Unwrapped<internal::ResultOrNothing<X, K, Row>>, KO>,
                  "join: the function in front of the joiner needs (const V&) or (const K&, const V&), and must return "
                  "a key of the other table, or std::optional of one");
    using R = Unwrapped<internal::JoinedRow<kJoin, K, Row, Unwrapped<VO>, F>>;
    internal::ForeignKeyJoin<K, Row, KO, Unwrapped<VO>> join(point_, other.point(), joined);
    return KTable<K, std::optional<R>>(
        join.template join<kJoin == internal::JoinKind::kLeft, R>(foreign_key, joiner, options));
  }

  internal::TablePoint<K, Row> point_;
};

}  // namespace levada
