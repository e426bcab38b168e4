// What processors of cases do with a store of texts.
#pragma once

#include <algorithm>
#include <string>

#include <levada/core/headers.h>
#include <levada/core/processor.h>
#include <levada/core/time.h>
#include <levada/state/key_value_store.h>

#include "tests/differential/functions.h"

namespace levada::differential {

using Store = KeyValueStore<std::string, std::string>;

// Appends the value to what its key has had so far; null forgets the key.
inline Text remember(Store& store, const Text& key, const Text& value) {
  const std::string k = key.value_or("none");
  const Text next = value ? join_texts("concat", store.get(k), value) : std::nullopt;
  store.put(k, next);
  return next;
}

// Fills a global store.
class Fill final : public Terminal<Text, Text> {
 public:
  Fill(Context& context, const StoreRef<Store>& store) : store_(context.store(store)) {}

  void process(const levada::Record<Text, Text>& record) override { remember(store_, record.key, record.value); }

 private:
  Store& store_;
};

// Appends each value to what a store has of its key, and leaves the store as it is.
template <class K>
class Ask final : public Processor<K, Text, K, Text> {
 public:
  Ask(Context& context, const StoreRef<Store>& store) : store_(context.store(store)) {}

  void process(const levada::Record<K, Text>& record) override {
    const Text answer = join_texts("concat", store_.get(text_of(record.key).value_or("none")), record.value);
    this->emit(record.with_value(answer));
  }

 private:
  Store& store_;
};

// One header more, with the value.
inline Headers marked(Headers headers, const Text& value) {
  headers.push_back({.key = "m", .value = value});
  return headers;
}

inline Timestamp shifted(Timestamp time, Duration shift) { return std::max(Timestamp(), time + shift); }

}  // namespace levada::differential
