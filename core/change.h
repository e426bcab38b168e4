// What flows out of a table: the row of a key as it was, and as it is now; nullopt where there is none.
//
//   Change<std::int64_t>{.before = 1, .after = 2}
//   Change<std::int64_t>{.before = 2, .after = std::nullopt}   // the row is gone
//
// `before` is filled only where somebody downstream needs it.
#pragma once

#include <optional>

namespace levada {

template <class V>
struct Change {
  std::optional<V> before = std::nullopt;
  std::optional<V> after = std::nullopt;
  bool is_latest = true;  // false: it is about the past of a versioned table, which has a later row of the key

  friend bool operator==(const Change&, const Change&) = default;
};

}  // namespace levada
