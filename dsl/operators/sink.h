// Writes records to a topic: one, or one chosen for each record.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <variant>

#include <levada/core/errors.h>
#include <levada/core/operator_context.h>
#include <levada/core/processor.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/produced.h>

namespace levada::internal {

// Throws std::out_of_range for a partition the topic does not have.
Partition checked_partition(Partition chosen, Partition count);

// What is written of a value that comes from a topic as it was read there.
enum class UnchangedValues {
  kEncoded,    // the value as its type holds it, like any other
  kForwarded,  // the bytes it was read from: cheaper, and with what the type does not know of
};

// Encodes records and sends them to the partition they belong to.
template <class K, class V>
class RecordWriter {
 public:
  RecordWriter(OperatorContext& context, const Produced<K, V>& options,
               UnchangedValues unchanged = UnchangedValues::kEncoded)
      : context_(context),
        key_(options.key),
        value_(options.value),
        partitioner_(options.partitioner),
        form_to_forward_(unchanged == UnchangedValues::kForwarded ? options.value.form() : nullptr) {}

  SinkTopic topic(const std::string& name) { return context_.collector().topic(context_.topic_name(name)); }

  void write(SinkTopic topic, const Record<K, V>& record) {
    OutputRecord out = {.timestamp = record.timestamp, .headers = &record.headers};
    encode(topic, record, out);
    out.unpartitioned_suffix = key_.unpartitioned_suffix();
    if (partitioner_) return write_where_told(topic, record, out);
    context_.collector().send(topic, out);
  }

 private:
  void encode(SinkTopic topic, const Record<K, V>& record, OutputRecord& out) {
    OutputStep step = OutputStep::kKey;
    try {
      key_bytes_.clear();
      if (key_.encode(record.key, key_bytes_)) out.key = key_bytes_;
      step = OutputStep::kValue;
      out.value = bytes_of(record.value);
    } catch (...) {
      throw OutputError(step, context_.collector().name(topic), std::current_exception());
    }
  }

  NullableView bytes_of(const V& value) {
    const SourceValue& read = context_.source_value();
    if (read.object == &value && read.form == form_to_forward_ && is_worth_forwarding(read)) return read.bytes;
    value_bytes_.clear();
    if (!value_.encode(value, value_bytes_)) return std::nullopt;
    return value_bytes_;
  }

  // Of a long text the type may name a small part, which is then cheaper to write than the whole is to send.
  static bool is_worth_forwarding(const SourceValue& read) {
    constexpr std::size_t kLongest = 512;
    return read.form != nullptr && (!read.bytes || read.bytes->size() <= kLongest);
  }

  void write_where_told(SinkTopic topic, const Record<K, V>& record, OutputRecord& out) {
    const Partition count = context_.collector().partitions(topic);
    const PartitionChoice choice = partitioner_(record.key, record.value, count);
    if (const auto* one = std::get_if<std::optional<Partition>>(&choice)) {
      if (*one) out.partition = checked_partition(**one, count);
      return context_.collector().send(topic, out);
    }
    const auto& many = std::get<std::vector<Partition>>(choice);
    if (many.empty()) context_.drop(DropReason::kNoPartition);
    for (const Partition partition : many) {
      out.partition = checked_partition(partition, count);
      context_.collector().send(topic, out);
    }
  }

  OperatorContext& context_;
  const Serde<K> key_;
  const Serde<V> value_;
  const Partitioner<K, V> partitioner_;
  const void* const form_to_forward_;
  Bytes key_bytes_ = {};
  Bytes value_bytes_ = {};
};

template <class K, class V>
class Sink final : public Terminal<K, V> {
 public:
  Sink(OperatorContext& context, const std::string& topic, const Produced<K, V>& options,
       UnchangedValues unchanged = UnchangedValues::kEncoded)
      : writer_(context, options, unchanged), topic_(writer_.topic(topic)) {}

  void process(const Record<K, V>& record) override { writer_.write(topic_, record); }

 private:
  RecordWriter<K, V> writer_;
  const SinkTopic topic_;
};

template <class K, class V, class F>
class DynamicSink final : public Terminal<K, V> {
 public:
  DynamicSink(OperatorContext& context, F choose, const Produced<K, V>& options)
      : context_(context), writer_(context, options), choose_(std::move(choose)) {}

  void process(const Record<K, V>& record) override { writer_.write(topic(name_for(record)), record); }

 private:
  std::string name_for(const Record<K, V>& record) {
    if constexpr (OfKeyValueAndContext<F, K, V>) {
      RecordContext context = context_.record();
      context.timestamp = record.timestamp;
      context.headers = &record.headers;
      return std::invoke(choose_, record.key, record.value, std::as_const(context));
    } else {
      return call(choose_, record.key, record.value);
    }
  }

  SinkTopic topic(const std::string& name) {
    const auto known = topics_.find(name);
    return known != topics_.end() ? known->second : topics_.emplace(name, writer_.topic(name)).first->second;
  }

  OperatorContext& context_;
  RecordWriter<K, V> writer_;
  F choose_;
  std::map<std::string, SinkTopic> topics_ = {};
};

}  // namespace levada::internal
