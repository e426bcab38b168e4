// Reads topics into the graph: decodes, and finds out when each record happened.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <levada/core/errors.h>
#include <levada/core/operator_context.h>
#include <levada/core/processor.h>
#include <levada/core/source.h>
#include <levada/dsl/consumed.h>

namespace levada::internal {

template <class K, class V>
class Source final : public Emitting<K, V>, public SourceReader {
 public:
  Source(OperatorContext& context, const Consumed<K, V>& options)
      : Source(context, options, context.default_timestamp_extractor()) {}
  // `own_time` says what is done without an extractor.
  Source(OperatorContext& context, const Consumed<K, V>& options, DefaultTimestampExtractor own_time)
      : context_(context),
        key_(options.key),
        value_(options.value),
        timestamp_(options.timestamp),
        own_time_(own_time) {}

  std::unique_ptr<PartitionReader> reader() override { return std::make_unique<Reader>(*this); }
  const std::string& node_name() const override { return this->name(); }

 private:
  class Reader final : public PartitionReader {
   public:
    explicit Reader(Source& source) : source_(source) {}

    Timestamp read(const RawRecord& record, Timestamp partition_time) override {
      source_.key_.decode(record.key, key_);
      source_.value_.decode(record.value, value_);
      value_bytes_ = record.value;
      headers_ = &record.headers;
      timestamp_ = source_.time_of({*key_, *value_, record.timestamp, record.headers}, partition_time);
      return timestamp_;
    }

    void process() override {
      source_.context_.set_source_value({.object = &*value_, .form = source_.value_.form(), .bytes = value_bytes_});
      source_.pass({*key_, *value_, timestamp_, *headers_});
      source_.context_.set_source_value({});
    }

   private:
    Source& source_;
    std::optional<K> key_ = std::nullopt;
    std::optional<V> value_ = std::nullopt;
    NullableView value_bytes_ = std::nullopt;
    Timestamp timestamp_ = kNoTimestamp;
    const Headers* headers_ = nullptr;
  };

  Timestamp time_of(const Record<K, V>& record, Timestamp partition_time) const {
    const bool valid = record.timestamp >= Timestamp{} && own_time_ != DefaultTimestampExtractor::kWallclock;
    if (!timestamp_ && valid) return record.timestamp;
    try {
      return timestamp_ ? timestamp_(record, partition_time, context_) : default_time_of(record, partition_time);
    } catch (...) {
      throw ProcessorError(this->name(), current_exception_text());
    }
  }

  Timestamp default_time_of(const Record<K, V>& record, Timestamp partition_time) const {
    switch (own_time_) {
      case DefaultTimestampExtractor::kFail:
        return fail_on_invalid_timestamp(record, partition_time);
      case DefaultTimestampExtractor::kLogAndSkip:
        return record.timestamp;
      case DefaultTimestampExtractor::kUsePartitionTime:
        return use_partition_time_on_invalid_timestamp(record, partition_time);
      case DefaultTimestampExtractor::kWallclock:
        break;
    }
    return context_.wall_clock_time();
  }

  OperatorContext& context_;
  const Serde<K> key_;
  const Serde<V> value_;
  const TimestampExtractor<K, V> timestamp_;
  const DefaultTimestampExtractor own_time_;
};

}  // namespace levada::internal
