// What each kind of windows brings along when streams are aggregated over it: the operator, the store and how long it
// keeps windows, and how the rows are found and written.
//
//   OverWindows<SessionWindows> over{windows};
//   using Operator = Windowing<SessionWindows>::Operator<K, V, A, Fold>;
//   StoreSpec spec = over.store<typename Operator::Store>(name, over.retention(graph, name, options.retention),
//   options); return over.table<Row>(keys.at.add(names, spec, over.maker<Operator>(fold)), name, options);
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <levada/core/serdes/windowed.h>
#include <levada/dsl/emit_strategy.h>
#include <levada/dsl/ktable.h>
#include <levada/dsl/materialized.h>
#include <levada/dsl/operators/session_aggregate.h>
#include <levada/dsl/operators/sliding_aggregate.h>
#include <levada/dsl/operators/windowed_aggregate.h>
#include <levada/dsl/session_windows.h>
#include <levada/dsl/sliding_windows.h>
#include <levada/dsl/time_windows.h>
#include <levada/dsl/unlimited_windows.h>

namespace levada::internal {

// How long windows are kept: as the user says, or as long as records may come for them. Less than that is a mistake.
// `what` says how long that is.
Duration checked_retention(Graph& graph, const std::string& store, Duration needed, std::string_view what,
                           const std::optional<Duration>& wanted);

// The end of time, where the sum is greater.
Duration sum_of(Duration a, Duration b);

// Input: what the user's functions get of a record's value. kCachedUntilClose: the store may be cached while results
// wait for the close of their windows.
template <class W>
struct Windowing {
  template <class K, class V, class A, class Fold>
  using Operator = WindowedAggregate<K, V, A, W, Fold>;
  template <class V>
  using Input = V;
  static constexpr bool kCachedUntilClose = true;
  static constexpr std::string_view kKept = "the size and grace of its windows";

  static Duration kept(const W& windows) { return sum_of(windows.size(), windows.grace()); }
  static Duration size(const W& windows) { return windows.size(); }
  // How long after its end a window closes.
  static Duration open_after_end(const W& windows) { return windows.grace(); }
};

template <>
struct Windowing<SlidingWindows> {
  template <class K, class V, class A, class Fold>
  using Operator = SlidingAggregate<K, V, A, Fold>;
  template <class V>
  using Input = Unwrapped<V>;
  static constexpr bool kCachedUntilClose = false;
  static constexpr std::string_view kKept = "twice the time difference and the grace of its windows";

  static Duration kept(const SlidingWindows& windows) {
    return sum_of(sum_of(windows.time_difference(), windows.time_difference()), windows.grace());
  }
  static Duration size(const SlidingWindows& windows) { return windows.time_difference(); }
  static Duration open_after_end(const SlidingWindows& windows) { return windows.grace(); }
};

template <>
struct Windowing<SessionWindows> {
  template <class K, class V, class A, class Fold>
  using Operator = SessionAggregate<K, V, A, Fold>;
  template <class V>
  using Input = V;
  static constexpr bool kCachedUntilClose = false;
  static constexpr std::string_view kKept = "the inactivity gap and grace of its sessions";

  static Duration kept(const SessionWindows& windows) { return sum_of(windows.inactivity_gap(), windows.grace()); }
  static Duration open_after_end(const SessionWindows& windows) { return kept(windows); }
};

template <class W>
inline constexpr bool kAreWindows = std::is_same_v<W, TimeWindows> || std::is_same_v<W, UnlimitedWindows> ||
                                    std::is_same_v<W, SlidingWindows> || std::is_same_v<W, SessionWindows>;

template <class W>
struct OverWindows {
  W windows;
  EmitStrategy strategy = EmitStrategy::on_window_update();

  void set_strategy(Graph& graph, EmitStrategy wanted) {
    strategy = wanted;
    if (std::is_same_v<W, UnlimitedWindows> && wanted.is_on_window_close()) {
      graph.mistake("emit_strategy: unlimited windows are never closed, so no result would go on");
    }
  }

  Duration retention(Graph& graph, const std::string& store, const std::optional<Duration>& wanted) const {
    return checked_retention(graph, store, Windowing<W>::kept(windows), Windowing<W>::kKept, wanted);
  }

  template <class Store, class Key, class A>
  StoreSpec store(const std::string& name, Duration retention, const Materialized<Key, A>& options) const {
    typename Store::Options all = {};
    if constexpr (requires { all.window_size; }) all.window_size = Windowing<W>::size(windows);
    all.retention = retention;
    all.key = options.key;
    all.value = options.value;
    all.engine = options.engine;
    all.by_time = strategy.is_on_window_close();
    all.caching = options.caching && (Windowing<W>::kCachedUntilClose || !strategy.is_on_window_close());
    all.logging = options.logging;
    all.topic_config = options.topic_config;
    return Store::spec(name, std::move(all));
  }

  template <class Operator, class Fold>
  TableMaker maker(Fold fold) const {
    return [over = *this, fold](OperatorContext& context, const TableFacts& facts) {
      return std::make_unique<Operator>(context, WindowFacts{.table = facts, .strategy = over.strategy}, over.windows,
                                        fold);
    };
  }

  template <class Row, class Key>
  KTable<Windowed<Key>, Row> table(const StreamPoint& at, const std::string& store,
                                   const Materialized<Key, Unwrapped<Row>>& options) const {
    using A = Unwrapped<Row>;
    if (options.ttl > Duration(0))
      at.graph->mistake("store " + store + ": windows are kept for .retention, not for a .ttl");
    GraphNode& step = at.graph->node(at.node);
    step.window_grace = Windowing<W>::open_after_end(windows);
    step.nodes.back().spec.holds_back = strategy.is_on_window_close();
    TablePoint<Windowed<Key>, A> point = {.at = at, .queryable_store = options.store, .value = options.value};
    if constexpr (std::is_same_v<W, SessionWindows>) {
      point.key = session_windowed_serde<Key>(options.key);
      point.view = [store] { return session_rows<Key, A>(store); };
    } else {
      point.key = time_windowed_serde<Key>(Windowing<W>::size(windows), options.key);
      point.view = [store] { return windowed_rows<Key, A>(store); };
    }
    return KTable<Windowed<Key>, Row>(std::move(point));
  }
};

}  // namespace levada::internal
