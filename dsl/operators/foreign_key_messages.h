// What the two sides of a foreign-key join write to each other, with their types: core/foreign_key.h has the bytes.
//
//   Serde<Subscription<std::string>> serde = subscription_serde(keys);
#pragma once

#include <optional>
#include <utility>

#include <levada/core/foreign_key.h>
#include <levada/core/serde.h>

namespace levada::internal {

template <class K>
struct Subscription {
  SubscriptionInstruction instruction;
  std::optional<Hash128> hash;
  K primary_key;
  std::optional<Partition> partition;
};

template <class VO>
struct SubscriptionResponse {
  std::optional<Hash128> hash = std::nullopt;
  std::optional<VO> foreign_value = std::nullopt;
  std::optional<Partition> partition = std::nullopt;  // where it goes; not part of what is written
};

template <class K>
Serde<Subscription<K>> subscription_serde(Serde<K> key, const OlderFormats& formats = {}) {
  return Serde<Subscription<K>>(
      [key, formats](const Subscription<K>& subscription, Bytes& out) {
        Bytes primary_key;
        key.encode(subscription.primary_key, primary_key);
        append_subscription({.instruction = subscription.instruction,
                             .hash = subscription.hash,
                             .primary_key = primary_key,
                             .partition = subscription.partition},
                            out, formats);
      },
      [key](BytesView in) {
        const SubscriptionView view = read_subscription(in);
        return Subscription<K>{view.instruction, view.hash, key.decode(view.primary_key), view.partition};
      });
}

template <class VO>
Serde<SubscriptionResponse<VO>> subscription_response_serde(Serde<VO> value) {
  return Serde<SubscriptionResponse<VO>>(
      [value](const SubscriptionResponse<VO>& response, Bytes& out) {
        Bytes bytes;
        const bool is_value = response.foreign_value && value.encode(*response.foreign_value, bytes);
        append_subscription_response(
            {.hash = response.hash, .foreign_value = is_value ? NullableView(bytes) : NullableView()}, out);
      },
      [value](BytesView in) {
        const SubscriptionResponseView view = read_subscription_response(in);
        SubscriptionResponse<VO> response = {.hash = view.hash};
        if (view.foreign_value) response.foreign_value = value.decode(view.foreign_value);
        return response;
      });
}

// Of a row as it is written.
template <class V>
std::optional<Hash128> hash_of_row(const std::optional<V>& row, const Serde<V>& serde, Bytes& scratch) {
  if (!row) return std::nullopt;
  scratch.clear();
  return serde.encode(*row, scratch) ? std::optional(murmur3(scratch)) : std::nullopt;
}

}  // namespace levada::internal
