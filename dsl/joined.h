// How a stream is joined with a table.
//
//   orders.join(customers, with_name, {.name = "named-orders", .grace = 1min});
//
// With a grace, records wait until the stream has come that much further, so that rows which arrive late but were valid
// at the record's time are found: the table must keep versions (MaterializedTable::history_retention). They wait in a
// store <name>-Buffer, with a changelog topic.
#pragma once

#include <optional>
#include <string>

#include <levada/core/serde.h>
#include <levada/core/time.h>

namespace levada {

template <class K, class V>
struct Joined {
  std::string name = {};  // of the operator, and of the repartition topic if there is one
  // Of the stream: for the repartition topic and the buffer. Unset: found from the types.
  std::optional<Serde<K>> key = std::nullopt;
  std::optional<Serde<V>> value = std::nullopt;
  std::optional<Duration> grace = std::nullopt;
};

}  // namespace levada
