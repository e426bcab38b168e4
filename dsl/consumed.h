// How a topic is read.
//
//   builder.stream<std::string, Order>("orders", {.timestamp = event_time, .reset = AutoOffsetReset::earliest()});
#pragma once

#include <optional>
#include <string>

#include <levada/core/serde.h>
#include <levada/core/topology.h>
#include <levada/dsl/timestamp_extractor.h>

namespace levada {

template <class K, class V>
struct Consumed {
  std::string name = {};  // of the source
  Serde<K> key = {};
  Serde<V> value = {};
  TimestampExtractor<K, V> timestamp = {};              // unset: default.timestamp.extractor
  std::optional<AutoOffsetReset> reset = std::nullopt;  // unset: auto.offset.reset
};

}  // namespace levada
