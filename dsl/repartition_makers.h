// Makes the nodes around a repartition topic for streams of K and V.
#pragma once

#include <memory>
#include <string>

#include <levada/dsl/graph/graph.h>
#include <levada/dsl/operators/non_null_key.h>
#include <levada/dsl/operators/pass_through.h>
#include <levada/dsl/operators/sink.h>
#include <levada/dsl/operators/source.h>

namespace levada::internal {

template <class K, class V>
RepartitionMakers repartition_makers(const Produced<K, V>& options) {
  const Consumed<K, V> consumed = {.key = options.key, .value = options.value};
  return {.filter = [](OperatorContext&) { return std::make_unique<NonNullKey<K, V>>(); },
          .filter_for_null_keys = [](OperatorContext&) { return std::make_unique<PassThrough<K, V>>(); },
          // Only the application reads the topic, so unchanged values need not be written anew.
          .sink =
              [options](OperatorContext& context, const std::string& topic) {
                return std::make_unique<Sink<K, V>>(context, topic, options, UnchangedValues::kForwarded);
              },
          .source =
              [consumed](OperatorContext& context) {
                return std::make_unique<Source<K, V>>(context, consumed, DefaultTimestampExtractor::kFail);
              }};
}

// The same with the serdes found from the types; impossible where there are none, which matters only if keys changed.
template <class K, class V>
RepartitionMakers repartition_makers_if_possible() {
  if constexpr (HasSerde<K> && HasSerde<V>) {
    return repartition_makers<K, V>({});
  } else {
    return {};
  }
}

}  // namespace levada::internal
