// The state of a join of two streams: the names of its operators and stores, and how the stores keep the records.
//
//   orders.join(payments, to_invoice, JoinWindows::of(1h), {.name = "invoices", .store_name = "invoices"});
//
// Names decide which topics are found again after a restart. Changelogs: <application.id>-<store_name>-this-join-store-
// changelog and -other-join-store-changelog; docs/joins.md has the others.
#pragma once

#include <map>
#include <string>

#include <levada/core/serde.h>
#include <levada/core/store.h>

namespace levada {

template <class K, class V, class VO>
struct StreamJoined {
  std::string name = {};        // of the operators, and of repartition topics: <name>-left, <name>-right
  std::string store_name = {};  // of the stores; empty: they are called after the operators
  Serde<Unwrapped<K>> key = {};
  Serde<Unwrapped<V>> value = {};
  Serde<Unwrapped<VO>> other_value = {};
  StoreEngine engine = StoreEngine::kRocksDb;
  bool logging = true;
  std::map<std::string, std::string> topic_config = {};  // of the changelog topics
};

}  // namespace levada
