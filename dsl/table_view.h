// How an operator looks up the rows of a table that is under construction, wherever they are: in the table's own store,
// or in that of a table it is made of, as they are then computed (Kafka Streams: KTableValueGetterSupplier).
//
//   TableView<std::string, Order> orders = table.point().view();    // stores it now if nothing else has its rows
//   NodeSpec node = {.stores = orders.stores, …};                   // the operator's node is connected to these
//   std::unique_ptr<TableGetter<std::string, Order>> getter = orders.getter(context);      // when its task starts
//   std::optional<ValueAndTimestamp<Order>> order = getter->get("o-1");
//
// For operators that look rows up (joins): ask view() once, while the topology is built, then send_old_values() where
// they need Change::before. For those that make tables: give a TablePoint whose view() is stored_rows(), a getter of
// one's own (windows: windowed_rows()), or derived from the view of the table above (derived_table.h). Getters belong
// to their operator and see what the task has written so far, record caches included.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <levada/core/operator_context.h>
#include <levada/core/windowed.h>
#include <levada/dsl/operators/row_store.h>
#include <levada/state/session_store.h>
#include <levada/state/timestamped_window_store.h>
#include <levada/state/value_and_timestamp.h>

namespace levada::internal {

template <class K, class A>
class TableGetter {
 public:
  virtual ~TableGetter() = default;

  virtual std::optional<ValueAndTimestamp<A>> get(const K& key) = 0;
  // As the row was then; as it is now, if the table keeps no versions.
  virtual std::optional<ValueAndTimestamp<A>> get_as_of(const K& key, Timestamp) { return get(key); }
};

template <class K, class A>
struct TableView {
  std::vector<std::string> stores = {};
  std::function<std::unique_ptr<TableGetter<K, A>>(OperatorContext&)> getter = {};
};

// Rows in a key-value store of the table's own.
template <class K, class A>
class StoredRows final : public TableGetter<K, A> {
 public:
  StoredRows(OperatorContext& context, const std::string& store) : rows_(context, store) {}

  std::optional<ValueAndTimestamp<A>> get(const K& key) override { return rows_.get(key); }
  std::optional<ValueAndTimestamp<A>> get_as_of(const K& key, Timestamp time) override {
    return rows_.get_as_of(key, time);
  }

 private:
  RowStore<K, A> rows_;
};

template <class K, class A>
class WindowedRows final : public TableGetter<Windowed<K>, A> {
 public:
  using Store = TimestampedWindowStore<K, A>;

  WindowedRows(OperatorContext& context, const std::string& store) : rows_(context.store(StoreRef<Store>{store})) {}

  std::optional<ValueAndTimestamp<A>> get(const Windowed<K>& key) override {
    return rows_.fetch(key.key, key.window.start);
  }

 private:
  Store& rows_;
};

template <class K, class A>
class SessionRows final : public TableGetter<Windowed<K>, A> {
 public:
  using Store = SessionStore<K, A>;

  SessionRows(OperatorContext& context, const std::string& store) : rows_(context.store(StoreRef<Store>{store})) {}

  std::optional<ValueAndTimestamp<A>> get(const Windowed<K>& session) override {
    const Window& window = session.window;
    std::optional<A> row = rows_.fetch_session(session.key, window.start, window.end);
    if (!row) return std::nullopt;
    return ValueAndTimestamp<A>{.value = std::move(*row), .timestamp = window.end};
  }

 private:
  Store& rows_;
};

template <class Getter, class K, class A>
TableView<K, A> view_of_store(const std::string& store) {
  return {.stores = {store},
          .getter = [store](OperatorContext& context) { return std::make_unique<Getter>(context, store); }};
}

template <class K, class A>
TableView<K, A> stored_rows(const std::string& store) {
  return view_of_store<StoredRows<K, A>, K, A>(store);
}

template <class K, class A>
TableView<Windowed<K>, A> windowed_rows(const std::string& store) {
  return view_of_store<WindowedRows<K, A>, Windowed<K>, A>(store);
}

template <class K, class A>
TableView<Windowed<K>, A> session_rows(const std::string& store) {
  return view_of_store<SessionRows<K, A>, Windowed<K>, A>(store);
}

}  // namespace levada::internal
