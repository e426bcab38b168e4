// Reads topics into the graph: decodes, and finds out when each record happened.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include <levada/core/operator_context.h>
#include <levada/core/processor.h>
#include <levada/core/source.h>
#include <levada/dsl/consumed.h>

namespace levada::internal {

template <class K, class V>
class Source final : public Emitting<K, V>, public SourceReader {
 public:
  Source(OperatorContext& context, const Consumed<K, V>& options)
      : context_(context), key_(options.key), value_(options.value), timestamp_(options.timestamp) {}

  std::unique_ptr<PartitionReader> reader() override { return std::make_unique<Reader>(*this); }

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
      source_.emit({*key_, *value_, timestamp_, *headers_});
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
    try {
      return timestamp_(record, partition_time, context_);
    } catch (const std::exception& error) {
      throw ProcessorError(this->name(), error.what());
    }
  }

  OperatorContext& context_;
  const Serde<K> key_;
  const Serde<V> value_;
  const TimestampExtractor<K, V> timestamp_;
};

}  // namespace levada::internal
