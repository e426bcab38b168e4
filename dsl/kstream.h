// A stream of records under construction. A value: copy it, branch it, use it twice; every call adds an operator behind
// what is there already and returns the stream behind that.
//
//   builder.stream<std::string, Order>("orders")
//       .filter([](const Order& order) { return order.amount > 0; })
//       .map_values(&Order::amount, {.name = "amounts"})
//       .to("order-amounts");
//
// Functions take (const V&) or (const K&, const V&); each task calls a copy of its own. Keys and values that may be
// null are std::optional. Valid as long as its builder; mistakes are told by the builder's build().
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <levada/dsl/branched_kstream.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/grouped.h>
#include <levada/dsl/kgrouped_stream.h>
#include <levada/dsl/named.h>
#include <levada/dsl/operators/filter.h>
#include <levada/dsl/operators/flat_map.h>
#include <levada/dsl/operators/flat_map_values.h>
#include <levada/dsl/operators/for_each.h>
#include <levada/dsl/operators/map.h>
#include <levada/dsl/operators/map_values.h>
#include <levada/dsl/operators/pass_through.h>
#include <levada/dsl/operators/peek.h>
#include <levada/dsl/operators/print.h>
#include <levada/dsl/operators/select_key.h>
#include <levada/dsl/operators/sink.h>
#include <levada/dsl/process_step.h>
#include <levada/dsl/repartition_makers.h>
#include <levada/dsl/repartitioned.h>
#include <levada/dsl/stream_join.h>
#include <levada/dsl/stream_point.h>
#include <levada/dsl/stream_table_join.h>
#include <levada/dsl/table_of_stream.h>

namespace levada {

template <class K, class V>
class KStream {
 public:
  using Key = K;
  using Value = V;

  // For the library: streams come from a StreamsBuilder.
  explicit KStream(internal::StreamPoint at) : at_(at) {}

  template <class F>
  KStream filter(F keep, Named options = {}) const {
    static_assert(internal::Predicate<F, K, V>, "filter: needs bool(const V&) or bool(const K&, const V&)");
    return then<internal::Filter<K, V, F, true>>({"KSTREAM-FILTER-", options.name}, std::move(keep));
  }

  template <class F>
  KStream filter_not(F drop, Named options = {}) const {
    static_assert(internal::Predicate<F, K, V>, "filter_not: needs bool(const V&) or bool(const K&, const V&)");
    return then<internal::Filter<K, V, F, false>>({"KSTREAM-FILTER-", options.name}, std::move(drop));
  }

  template <class F>
  auto map(F f, Named options = {}) const {
    static_assert(internal::PairMapper<F, K, V>,
                  "map: needs a function of (const V&) or (const K&, const V&) that returns a pair: the new key and "
                  "the new value");
    if constexpr (internal::PairMapper<F, K, V>) {
      return then<internal::Map<K, V, F>>({"KSTREAM-MAP-", options.name, internal::Changes::kKeys}, std::move(f));
    }
  }

  template <class F>
  auto map_values(F f, Named options = {}) const {
    static_assert(internal::Mapper<F, K, V>,
                  "map_values: needs a function of (const V&) or (const K&, const V&) that returns the new value");
    if constexpr (internal::Mapper<F, K, V>) {
      return then<internal::MapValues<K, V, F>>({"KSTREAM-MAPVALUES-", options.name, internal::Changes::kValues},
                                                std::move(f));
    }
  }

  template <class F>
  auto flat_map(F f, Named options = {}) const {
    static_assert(
        internal::PairRangeMapper<F, K, V>,
        "flat_map: needs a function of (const V&) or (const K&, const V&) that returns a range of pairs: keys "
        "and values");
    if constexpr (internal::PairRangeMapper<F, K, V>) {
      return then<internal::FlatMap<K, V, F>>({"KSTREAM-FLATMAP-", options.name, internal::Changes::kKeys},
                                              std::move(f));
    }
  }

  template <class F>
  auto flat_map_values(F f, Named options = {}) const {
    static_assert(internal::RangeMapper<F, K, V>,
                  "flat_map_values: needs a function of (const V&) or (const K&, const V&) that returns a range of "
                  "values");
    if constexpr (internal::RangeMapper<F, K, V>) {
      return then<internal::FlatMapValues<K, V, F>>(
          {"KSTREAM-FLATMAPVALUES-", options.name, internal::Changes::kValues}, std::move(f));
    }
  }

  template <class F>
  auto select_key(F f, Named options = {}) const {
    static_assert(internal::Mapper<F, K, V>,
                  "select_key: needs a function of (const V&) or (const K&, const V&) that returns the new key");
    if constexpr (internal::Mapper<F, K, V>) {
      return then<internal::SelectKey<K, V, F>>({"KSTREAM-KEY-SELECT-", options.name, internal::Changes::kKeys},
                                                std::move(f));
    }
  }

  template <class F>
  KStream peek(F look, Named options = {}) const {
    static_assert(internal::Callback<F, K, V>, "peek: needs a function of (const V&) or (const K&, const V&)");
    return then<internal::Peek<K, V, F>>({"KSTREAM-PEEK-", options.name}, std::move(look));
  }

  template <class F>
  void for_each(F act, Named options = {}) const {
    static_assert(internal::Callback<F, K, V>, "for_each: needs a function of (const V&) or (const K&, const V&)");
    add<internal::ForEach<K, V, F>>({"KSTREAM-FOREACH-", options.name}, std::move(act));
  }

  void print(Printed<K, V> options = {}) const {
    if (!options.write) options.write = internal::write_line_to_standard_output;
    if (options.label.empty()) options.label = at_.name();
    if constexpr (internal::IsPrintable<K>::value && internal::IsPrintable<V>::value) {
      if (!options.text) options.text = internal::default_text<K, V>;
    }
    if (!options.text)
      at_.graph->mistake("print of " + options.label + ": nothing says how records become text; set .text");
    add<internal::Print<K, V>>({"KSTREAM-PRINTER-", options.name}, options);
  }

  // The records of both streams, in no particular order among each other.
  KStream merge(const KStream& other, Named options = {}) const {
    return KStream(at_.merge(other.at_, options.name, make<internal::PassThrough<K, V>>()));
  }

  // One stream for each predicate, and one more for the rest: a record goes to the first whose predicate holds.
  //
  //   auto [created, paid, other] = events.split(is_created, is_paid);
  template <class... Ps>
  requires(sizeof...(Ps) > 0) std::array<KStream, sizeof...(Ps) + 1> split(Ps... predicates)
  const {
    static_assert((internal::Predicate<Ps, K, V> && ...),
                  "split: each predicate needs bool(const V&) or bool(const K&, const V&)");
    return split_with(std::index_sequence_for<Ps...>(), std::move(predicates)...);
  }
  // Branches with names: split().branch(is_created, {.name = "created"}).default_branch().
  BranchedKStream<K, V> split(Named options = {}) const { return BranchedKStream<K, V>(at_, options.name); }

  // What `joiner` makes of a record of this stream and each record of the other with the same key that is within the
  // windows of it: joiner(const V&, const VO&) or joiner(const K&, const V&, const VO&). See docs/joins.md.
  template <class KO, class VO, class F>
  auto join(const KStream<KO, VO>& other, F joiner, const JoinWindows& windows,
            const StreamJoined<K, V, VO>& options = {}) const {
    return join_streams<internal::JoinKind::kInner>(other, std::move(joiner), windows, options);
  }
  // The same, with what has no partner on the right once its window is closed: there the joiner gets
  // const std::optional<VO>&.
  template <class KO, class VO, class F>
  auto left_join(const KStream<KO, VO>& other, F joiner, const JoinWindows& windows,
                 const StreamJoined<K, V, VO>& options = {}) const {
    return join_streams<internal::JoinKind::kLeft>(other, std::move(joiner), windows, options);
  }
  // The same of both sides: both values are optional.
  template <class KO, class VO, class F>
  auto outer_join(const KStream<KO, VO>& other, F joiner, const JoinWindows& windows,
                  const StreamJoined<K, V, VO>& options = {}) const {
    return join_streams<internal::JoinKind::kOuter>(other, std::move(joiner), windows, options);
  }

  // What `joiner` makes of a record and the row that the table has for its key then: joiner(const V&, const VO&) or
  // joiner(const K&, const V&, const VO&). A record without a row goes no further, one with a null value is dropped.
  template <class KO, class VO, class F>
  auto join(const KTable<KO, VO>& table, F joiner, const Joined<K, V>& options = {}) const {
    return join_table<internal::JoinKind::kInner>(table, std::move(joiner), options);
  }
  // The same, with the records that have no row: there the joiner gets const std::optional<VO>&.
  template <class KO, class VO, class F>
  auto left_join(const KTable<KO, VO>& table, F joiner, const Joined<K, V>& options = {}) const {
    return join_table<internal::JoinKind::kLeft>(table, std::move(joiner), options);
  }

  // The same of a table that every instance has whole: `key_of`, a function of (const V&) or (const K&, const V&),
  // says where to look. Without a key, std::nullopt, there is no row.
  template <class KG, class VG, class M, class F>
  auto join(const GlobalKTable<KG, VG>& table, M key_of, F joiner, Named options = {}) const {
    return join_global<internal::JoinKind::kInner>(table, std::move(key_of), std::move(joiner), options);
  }
  template <class KG, class VG, class M, class F>
  auto left_join(const GlobalKTable<KG, VG>& table, M key_of, F joiner, Named options = {}) const {
    return join_global<internal::JoinKind::kLeft>(table, std::move(key_of), std::move(joiner), options);
  }

  // Through a topic of its own, which partitions the records by their key.
  KStream repartition(Repartitioned<K, V> options = {}) const {
    internal::RepartitionMakers makers = internal::repartition_makers<K, V>(
        {.key = options.key, .value = options.value, .partitioner = options.partitioner});
    return KStream(at_.repartition(options.name, {.partitions = options.partitions, .makers = std::move(makers)}));
  }

  void to(const std::string& topic, Produced<K, V> options = {}) const {
    at_.to(options.name, {topic}, [topic, options](OperatorContext& context) {
      return std::make_unique<internal::Sink<K, V>>(context, topic, options);
    });
  }
  // To a topic that a function names for each record. The topics must exist.
  template <class F>
  requires(!std::convertible_to<F, std::string>) void to(F choose, Produced<K, V> options = {}) const {
    static_assert(internal::TopicChooser<F, K, V>,
                  "to: needs the name of a topic, or std::string(const V&), std::string(const K&, const V&) or "
                  "std::string(const K&, const V&, const RecordContext&)");
    at_.to(options.name, {}, [choose, options](OperatorContext& context) {
      return std::make_unique<internal::DynamicSink<K, V, F>>(context, choose, options);
    });
  }

  // The stream of what a processor of the user's emits. Each task builds a P(context, args...), or a P(args...); the
  // stores among the arguments are connected to it. A Named in front of them names the operator.
  //
  //   orders.process<Deduplicate>(seen);
  //   orders.process<Deduplicate>(Named{"dedup"}, seen);
  template <class P, class... Args>
  auto process(Args... args) const {
    static_assert(std::is_base_of_v<Receiver<K, V>, P>,
                  "process<P>: P must derive from Processor<K, V, KOut, VOut> of this stream's K and V");
    return process_step<P>({.prefix = "KSTREAM-PROCESSOR-", .changes = internal::Changes::kKeys}, std::move(args)...);
  }

  // The same for a FixedKeyProcessor<K, V, VOut>: since keys stay as they are, no repartition follows from it.
  template <class P, class... Args>
  auto process_values(Args... args) const {
    static_assert(std::is_base_of_v<Receiver<K, V>, P> && internal::IsFixedKeyProcessor<P, K>,
                  "process_values<P>: P must derive from FixedKeyProcessor<K, V, VOut> of this stream's K and V");
    return process_step<P>({.prefix = "KSTREAM-PROCESSVALUES-", .changes = internal::Changes::kValues},
                           std::move(args)...);
  }

  // The table of the latest value of each key. A null value removes the row, and a null key is dropped and counted.
  KTable<Unwrapped<K>, V> to_table(const MaterializedTable<Unwrapped<K>, Unwrapped<V>>& options = {}) const {
    return KTable<Unwrapped<K>, V>(internal::table_of_stream<K, V>(at_, options));
  }

  // Records of one key belong together from here on.
  KGroupedStream<K, V> group_by_key() const {
    return KGroupedStream<K, V>(at_, {}, internal::repartition_makers_if_possible<K, V>());
  }
  KGroupedStream<K, V> group_by_key(Grouped<K, V> options) const {
    return KGroupedStream<K, V>(at_, options.name,
                                internal::repartition_makers<K, V>({.key = options.key, .value = options.value}),
                                options.combining ? std::optional(options.key) : std::nullopt);
  }

  template <class F>
  auto group_by(F key_of, Grouped<internal::ResultOrNothing<F, K, V>, V> options = {}) const {
    static_assert(internal::Mapper<F, K, V>,
                  "group_by: needs a function of (const V&) or (const K&, const V&) that returns the new key");
    if constexpr (internal::Mapper<F, K, V>) {
      return select_key(std::move(key_of), {.name = options.name}).group_by_key(options);
    }
  }

 private:
  template <class, class>
  friend class KStream;

  template <internal::JoinKind kKind, class KO, class VO, class F>
  auto join_streams(const KStream<KO, VO>& other, F joiner, const JoinWindows& windows,
                    const StreamJoined<K, V, VO>& options) const {
    using Join = internal::StreamJoinMaker<kKind, K, V, KO, VO, F>;
    using Types = typename Join::Types;
    static_assert(
        internal::kJoinableKeys<K, KO>,
        "join: the keys of the two streams have different types; give one of them other keys with select_key");
    if constexpr (internal::kJoinableKeys<K, KO>) {
      static_assert(
          Types::kValid,
          "join: the joiner needs a function of (const V&, const VO&) or (const K&, const V&, const VO&) that "
          "returns the new value; left_join gives it a std::optional<VO>, outer_join std::optionals of both");
    }
    if constexpr (Types::kValid) {
      return KStream<typename Types::KeyOut, typename Types::ValueOut>(
          Join{options, windows, joiner}.add({at_, other.at_}));
    }
  }

  template <internal::JoinKind kKind, class KO, class VO, class F>
  auto join_table(const KTable<KO, VO>& table, F joiner, const Joined<K, V>& options) const {
    using Row = Unwrapped<VO>;
    static_assert(internal::kJoinableKeys<K, KO>,
                  "join: the keys of the stream and the table have different types; give the stream other keys with "
                  "select_key");
    constexpr bool kJoins = internal::kJoinsRows<kKind, K, V, Row, F>;
    static_assert(kJoins,
                  "join: the joiner needs a function of (const V&, const VO&) or (const K&, const V&, const VO&) that "
                  "returns the new value; left_join gives it a std::optional<VO>");
    if constexpr (kJoins && internal::kJoinableKeys<K, KO>) {
      return KStream<K, internal::RowJoinResult<kKind, K, V, Row, F>>(
          internal::join_stream_with_table<kKind, K, V, Row>(at_, table.point(), std::move(joiner), options));
    }
  }

  template <internal::JoinKind kKind, class KG, class VG, class M, class F>
  auto join_global(const GlobalKTable<KG, VG>& table, M key_of, F joiner, const Named& options) const {
    constexpr bool kFindsKey = std::is_same_v<Unwrapped<internal::ResultOf<M, K, V>>, KG>;
    static_assert(kFindsKey,
                  "join: needs a function of (const V&) or (const K&, const V&) that returns the key of the global "
                  "table, and behind it the joiner");
    constexpr bool kJoins = internal::kJoinsRows<kKind, K, V, VG, F>;
    static_assert(kJoins,
                  "join: the joiner needs a function of (const V&, const VG&) or (const K&, const V&, const VG&) that "
                  "returns the new value; left_join gives it a std::optional<VG>");
    if constexpr (kFindsKey && kJoins) {
      return KStream<K, internal::RowJoinResult<kKind, K, V, VG, F>>(
          internal::join_stream_with_global_table<kKind, K, V>(at_, table, std::move(key_of), std::move(joiner),
                                                               options.name));
    }
  }

  template <class Op, class... Args>
  static internal::NodeMaker make(Args... args) {
    return [args...](OperatorContext&) { return std::make_unique<Op>(args...); };
  }

  template <class Op, class... Args>
  internal::StreamPoint add(const internal::Step& step, Args... args) const {
    return at_.then(step, make<Op>(std::move(args)...));
  }

  template <class Op, class... Args>
  KStream<typename Op::KeyOut, typename Op::ValueOut> then(const internal::Step& step, Args... args) const {
    return KStream<typename Op::KeyOut, typename Op::ValueOut>(add<Op>(step, std::move(args)...));
  }

  template <std::size_t... I, class... Ps>
  std::array<KStream, sizeof...(Ps) + 1> split_with(std::index_sequence<I...>, Ps... predicates) const {
    const internal::BranchPoint branches(at_, {});
    branches.template set_choice<K, V>(internal::first_that_holds<K, V>(std::move(predicates)...));
    const internal::NodeMaker pass = make<internal::PassThrough<K, V>>();
    return {KStream(branches.add({}, static_cast<int>(I) + 1, pass))..., KStream(branches.add({}, 0, pass))};
  }

  template <class P, class... Args>
  auto process_step(const internal::Step& step, Args... args) const {
    return internal::add_process_step<P>(at_, step, std::move(args)...);
  }

  internal::StreamPoint at_;
};

}  // namespace levada
