// How two tables are joined by a foreign key: names, and where what they write to each other goes.
//
//   orders.join(customers, &Order::customer, with_customer, {.name = "orders-with-customers"});
#pragma once

#include <functional>
#include <string>

#include <levada/core/topic_partition.h>

namespace levada {

// K is this table's key, KO the other one's, which is the foreign key.
template <class K, class KO>
struct TableJoined {
  std::string name = {};  // of the operators, the topics between the tables, and the store of subscriptions
  // Where a row of this table is; unset: where it was read from. For tables whose topics are not partitioned by the
  // key.
  std::function<Partition(const K&, Partition count)> partitioner = {};
  // The same of the other table; unset: by the key.
  std::function<Partition(const KO&, Partition count)> other_partitioner = {};
};

}  // namespace levada
