// What the two sides of a foreign-key join write to each other's topics, and what the right side keeps.
//
//   append_subscription({.instruction = SubscriptionInstruction::kTell, .hash = murmur3(row), .primary_key = "o-1",
//                        .partition = 3}, bytes);
//   SubscriptionView subscription = read_subscription(bytes);
//
// Grammar; `hash` is int64 | int64, and missing if 80 is added to the version:
//   subscription   version 01 | instruction | hash | primary key | int32 partition
//                  version 00 is without the partition
//   response       version 00 | hash | foreign value             no bytes are no value
//   stored key     int32 size of foreign key | foreign key | primary key
// read_… looks into its argument and throws SerdeError.
#pragma once

#include <optional>

#include <levada/core/bytes.h>
#include <levada/core/murmur3.h>
#include <levada/core/older_formats.h>
#include <levada/core/topic_partition.h>

namespace levada {

enum class SubscriptionInstruction : char {
  kForget = 0,         // without an answer: another subscription follows
  kForgetAndTell = 1,  // the answer is that there is no foreign row
  kTell = 2,           // the foreign row, or that there is none
  kTellIfThere = 3,    // the foreign row, and nothing if there is none
};

struct SubscriptionView {
  SubscriptionInstruction instruction = SubscriptionInstruction::kForget;
  std::optional<Hash128> hash = std::nullopt;  // of the left row; none if it is gone
  BytesView primary_key = {};
  std::optional<Partition> partition = std::nullopt;  // of the left row: where the answer goes

  bool operator==(const SubscriptionView&) const = default;
};

void append_subscription(const SubscriptionView& subscription, Bytes& out, const OlderFormats& formats = {});
SubscriptionView read_subscription(BytesView bytes);

struct SubscriptionResponseView {
  std::optional<Hash128> hash = std::nullopt;  // of the left row it is the answer for
  NullableView foreign_value = std::nullopt;

  bool operator==(const SubscriptionResponseView&) const = default;
};

void append_subscription_response(const SubscriptionResponseView& response, Bytes& out);
SubscriptionResponseView read_subscription_response(BytesView bytes);

// What the stored keys of all subscriptions to a foreign key begin with; the primary key follows.
void append_subscription_prefix(BytesView foreign_key, Bytes& out);

}  // namespace levada
