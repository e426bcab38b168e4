// The five operators of a foreign-key join, in the order in which a change of the left table passes them. Between the
// first and the second, and between the fourth and the fifth, there is a topic.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <levada/core/operator_context.h>
#include <levada/core/processor.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/graph/table_step.h>
#include <levada/dsl/joiner.h>
#include <levada/dsl/operators/foreign_key_messages.h>
#include <levada/dsl/table_view.h>
#include <levada/state/timestamped_key_value_store.h>

namespace levada::internal {

// Subscribes rows of the left table to the foreign row they name.
template <class K, class A, class KO, class KeyOf, bool kLeftJoin>
class SubscribeRows final : public Processor<K, Change<A>, std::optional<KO>, Subscription<K>> {
 public:
  SubscribeRows(OperatorContext& context, KeyOf key_of, Serde<KO> foreign_key, Serde<A> value, bool of_versioned)
      : context_(context),
        key_of_(std::move(key_of)),
        foreign_key_(std::move(foreign_key)),
        value_(std::move(value)),
        of_versioned_(of_versioned) {}

  void process(const Record<K, Change<A>>& record) override {
    const Change<A>& change = record.value;
    if (of_versioned_ && !change.is_latest) return context_.drop(DropReason::kOutdated);
    if (!change.before && !change.after) return;
    const std::optional<KO> before = foreign_key(record.key, change.before);
    const std::optional<KO> after = foreign_key(record.key, change.after);
    if (!kLeftJoin && change.after && !after) context_.drop(DropReason::kNullKey);
    if (kLeftJoin) {
      if (before && !is_same(before, after)) send(record, before, SubscriptionInstruction::kForget);
      send(record, after, SubscriptionInstruction::kTell);
    } else if (before && after && !is_same(before, after)) {
      send(record, before, SubscriptionInstruction::kForget);
      send(record, after, SubscriptionInstruction::kTell);
    } else if (after) {
      send(record, after, SubscriptionInstruction::kTellIfThere);
    } else if (before) {
      send(record, before, SubscriptionInstruction::kForgetAndTell);
    }
  }

 private:
  std::optional<KO> foreign_key(const K& key, const std::optional<A>& row) {
    if (!row) return std::nullopt;
    return call(key_of_, key, *row);
  }

  // As they are written: that decides which foreign row they belong to.
  bool is_same(const std::optional<KO>& one, const std::optional<KO>& other) {
    if (!other) return false;
    before_bytes_.clear();
    after_bytes_.clear();
    foreign_key_.encode(*one, before_bytes_);
    foreign_key_.encode(*other, after_bytes_);
    return before_bytes_ == after_bytes_;
  }

  void send(const Record<K, Change<A>>& record, const std::optional<KO>& key, SubscriptionInstruction instruction) {
    const TopicPartition* source = context_.record().source;
    const Subscription<K> subscription = {instruction, hash_of_row(record.value.after, value_, value_bytes_),
                                          record.key,
                                          source != nullptr ? std::optional(source->partition) : std::nullopt};
    this->pass(record.with(key, subscription));
  }

  OperatorContext& context_;
  KeyOf key_of_;
  const Serde<KO> foreign_key_;
  const Serde<A> value_;
  const bool of_versioned_;
  Bytes before_bytes_ = {};
  Bytes after_bytes_ = {};
  Bytes value_bytes_ = {};
};

// Subscriptions by the foreign and the primary key, as bytes: those to one foreign key are found together.
using SubscriptionStore = TimestampedKeyValueStore<Bytes, Bytes>;

// Keeps the subscriptions.
template <class K, class KO>
class KeepSubscriptions final
    : public Processor<std::optional<KO>, Subscription<K>, std::optional<KO>, Subscription<K>> {
 public:
  KeepSubscriptions(OperatorContext& context, const StoreRef<SubscriptionStore>& store, Serde<KO> foreign_key,
                    Serde<K> primary_key)
      : context_(context),
        store_(context.store(store)),
        foreign_key_(std::move(foreign_key)),
        primary_key_(primary_key),
        subscription_(subscription_serde(std::move(primary_key), older_formats(context.app_configs()))) {}

  void process(const Record<std::optional<KO>, Subscription<K>>& record) override {
    if (record.key) {
      keep(*record.key, record);
    } else if (record.value.instruction != SubscriptionInstruction::kTell) {
      return context_.drop(DropReason::kNullKey);
    }
    this->pass(record);
  }

 private:
  void keep(const KO& foreign_key, const Record<std::optional<KO>, Subscription<K>>& record) {
    key_.clear();
    bytes_.clear();
    foreign_key_.encode(foreign_key, bytes_);
    append_subscription_prefix(bytes_, key_);
    primary_key_.encode(record.value.primary_key, key_);
    const SubscriptionInstruction instruction = record.value.instruction;
    if (instruction == SubscriptionInstruction::kForget || instruction == SubscriptionInstruction::kForgetAndTell) {
      return store_.put(key_, std::nullopt);
    }
    bytes_.clear();
    subscription_.encode(record.value, bytes_);
    store_.put(key_, ValueAndTimestamp<Bytes>{bytes_, record.timestamp});
  }

  OperatorContext& context_;
  SubscriptionStore& store_;
  const Serde<KO> foreign_key_;
  const Serde<K> primary_key_;
  const Serde<Subscription<K>> subscription_;
  Bytes key_ = {};
  Bytes bytes_ = {};
};

// Answers a subscription with the foreign row there is.
template <class K, class KO, class VO>
class AnswerSubscription final : public Processor<std::optional<KO>, Subscription<K>, K, SubscriptionResponse<VO>> {
 public:
  explicit AnswerSubscription(std::unique_ptr<TableGetter<KO, VO>> rows) : rows_(std::move(rows)) {}

  void process(const Record<std::optional<KO>, Subscription<K>>& record) override {
    const Subscription<K>& subscription = record.value;
    std::optional<ValueAndTimestamp<VO>> row = std::nullopt;
    if (record.key) row = rows_->get(*record.key);
    const SubscriptionInstruction instruction = subscription.instruction;
    if (instruction == SubscriptionInstruction::kForget) return;
    if (instruction == SubscriptionInstruction::kTellIfThere && !row) return;
    SubscriptionResponse<VO> response = {.hash = subscription.hash, .partition = subscription.partition};
    const Timestamp timestamp = row ? std::max(row->timestamp, record.timestamp) : record.timestamp;
    if (row && instruction != SubscriptionInstruction::kForgetAndTell) response.foreign_value = std::move(row->value);
    this->emit({subscription.primary_key, response, timestamp, record.headers});
  }

 private:
  std::unique_ptr<TableGetter<KO, VO>> rows_;
};

// Tells all subscribers that a foreign row has changed.
template <class K, class KO, class VO>
class TellSubscribers final : public Processor<KO, Change<VO>, K, SubscriptionResponse<VO>> {
 public:
  TellSubscribers(OperatorContext& context, const StoreRef<SubscriptionStore>& store, Serde<KO> foreign_key,
                  Serde<K> primary_key, bool of_versioned)
      : context_(context),
        store_(context.store(store)),
        foreign_key_(std::move(foreign_key)),
        primary_key_(std::move(primary_key)),
        of_versioned_(of_versioned) {}

  void process(const Record<KO, Change<VO>>& record) override {
    if (of_versioned_ && !record.value.is_latest) return context_.drop(DropReason::kOutdated);
    bytes_.clear();
    prefix_.clear();
    foreign_key_.encode(record.key, bytes_);
    append_subscription_prefix(bytes_, prefix_);
    response_.foreign_value = record.value.after;
    for (const auto& [key, stored] : store_.prefix_scan(prefix_)) {
      const SubscriptionView subscription = read_subscription(stored.value);
      response_.hash = subscription.hash;
      response_.partition = subscription.partition;
      primary_key_.decode(BytesView(key).substr(prefix_.size()), key_);
      this->pass(record.with(*key_, response_));
    }
  }

 private:
  OperatorContext& context_;
  SubscriptionStore& store_;
  const Serde<KO> foreign_key_;
  const Serde<K> primary_key_;
  const bool of_versioned_;
  Bytes bytes_ = {};
  Bytes prefix_ = {};
  std::optional<K> key_ = std::nullopt;
  SubscriptionResponse<VO> response_ = {};
};

// Joins a left row with the foreign row it got, unless it has changed since it asked.
template <class K, class A, class VO, class R, class F, bool kLeftJoin>
class ResolveResponse final : public Processor<K, SubscriptionResponse<VO>, K, std::optional<R>> {
 public:
  ResolveResponse(OperatorContext& context, std::unique_ptr<TableGetter<K, A>> rows, Serde<A> value, F joiner)
      : context_(context), rows_(std::move(rows)), value_(std::move(value)), joiner_(std::move(joiner)) {}

  void process(const Record<K, SubscriptionResponse<VO>>& record) override {
    std::optional<ValueAndTimestamp<A>> found = rows_->get(record.key);
    const std::optional<A> row = found ? std::optional<A>(std::move(found->value)) : std::nullopt;
    if (hash_of_row(row, value_, bytes_) != record.value.hash) return context_.drop(DropReason::kOutdated);
    const std::optional<R> joined = join(record.key, row, record.value.foreign_value);
    this->pass(record.with_value(joined));
  }

 private:
  std::optional<R> join(const K& key, const std::optional<A>& row, const std::optional<VO>& foreign) {
    if (!row) return std::nullopt;
    if constexpr (kLeftJoin) {
      return call_joiner(joiner_, key, *row, foreign);
    } else {
      if (!foreign) return std::nullopt;
      return call_joiner(joiner_, key, *row, *foreign);
    }
  }

  OperatorContext& context_;
  std::unique_ptr<TableGetter<K, A>> rows_;
  const Serde<A> value_;
  F joiner_;
  Bytes bytes_ = {};
};

}  // namespace levada::internal
