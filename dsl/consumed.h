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
  // How late a record may come to a partition that has been read to its end. When none comes for longer, time goes on
  // without it: windows close, joins no longer wait. Unset: levada.idle.timeout.ms.
  std::optional<Duration> idle_timeout = std::nullopt;
};

}  // namespace levada
