// Stands around every processor of a topology, the library's own included, but not those that fill global stores: to
// trace, to count, to look at what passes.
//
//   class Trace final : public ProcessorWrapper {
//    public:
//     void process(const AnyRecord& record, Next next) override {
//       const Span span(name_, record.headers());
//       next(record);                                      // without it the record goes no further
//     }
//   };
//   builder.build({.wrapper = {.make = [](Context&, const std::string& node) {
//     return std::make_unique<Trace>(node);
//   }}});
//
// Each task makes one for each of its processors, before the processor; it is used on the task's thread only. What it
// throws is an error of the processor. Without a wrapper nothing is paid for it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <typeinfo>
#include <vector>

#include <absl/functional/function_ref.h>

#include <levada/core/headers.h>
#include <levada/core/record.h>
#include <levada/core/store.h>
#include <levada/core/time.h>

namespace levada {

class Context;

// A record of any types. A view: it lives as long as the call that passes it.
class AnyRecord {
 public:
  template <class K, class V>
  explicit AnyRecord(const Record<K, V>& record)
      : key_(&record.key),
        value_(&record.value),
        key_type_(&typeid(K)),
        value_type_(&typeid(V)),
        timestamp_(record.timestamp),
        headers_(&record.headers) {}

  // Null if the key, or the value, has another type. Those of tables are Change<V>, of windowed tables Windowed<K>.
  template <class K>
  const K* key() const {
    return *key_type_ == typeid(K) ? static_cast<const K*>(key_) : nullptr;
  }
  template <class V>
  const V* value() const {
    return *value_type_ == typeid(V) ? static_cast<const V*>(value_) : nullptr;
  }
  Timestamp timestamp() const { return timestamp_; }
  const Headers& headers() const { return *headers_; }

  // The same record with other headers, which must live as long, or at another time.
  AnyRecord with_headers(const Headers& headers) const {
    AnyRecord other = *this;
    other.headers_ = &headers;
    return other;
  }
  AnyRecord with_headers(const Headers&&) const = delete;
  AnyRecord at(Timestamp timestamp) const {
    AnyRecord other = *this;
    other.timestamp_ = timestamp;
    return other;
  }

 private:
  const void* key_;
  const void* value_;
  const std::type_info* key_type_;
  const std::type_info* value_type_;
  Timestamp timestamp_;
  const Headers* headers_;
};

class ProcessorWrapper {
 public:
  // Lets the processor process a record: the one that came, perhaps with other headers or time.
  using Next = absl::FunctionRef<void(const AnyRecord&)>;

  virtual ~ProcessorWrapper() = default;
  virtual void process(const AnyRecord& record, Next next) = 0;
};

// How the wrappers of a topology are made.
struct ProcessorWrapping {
  // A wrapper for the processor of that name, or null for none.
  std::function<std::unique_ptr<ProcessorWrapper>(Context&, const std::string& node)> make = {};
  // Stores that the wrapper of that processor uses beside those of the processor. A store of one name is one store.
  std::function<std::vector<StoreSpec>(const std::string& node)> stores = {};
};

}  // namespace levada
