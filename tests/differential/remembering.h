// What processors of cases do with a store of texts.
#pragma once

#include <algorithm>
#include <string>

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

inline Timestamp shifted(Timestamp time, Duration shift) { return std::max(Timestamp(), time + shift); }

}  // namespace levada::differential
