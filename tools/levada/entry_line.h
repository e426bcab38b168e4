// An entry of a store as one line of JSON.
//
//   const EntryLine line(key_serde, value_serde, 1h);
//   out << line.text("0_1", entry) << '\n';
//   // {"task":"0_1","key":"a","start":"2026-01-01T00:00:00.000Z","value":3}
#pragma once

#include <optional>
#include <string>

#include <levada/core/time.h>
#include <levada/state/stored_state.h>

#include "tools/levada/named_serde.h"

namespace levada {

class EntryLine {
 public:
  // With a size, windows have their ends, too.
  EntryLine(NamedSerde key, NamedSerde value, std::optional<Duration> window_size)
      : key_(std::move(key)), value_(std::move(value)), window_size_(window_size) {}

  // Throws SerdeError for bytes that are not of these serdes.
  std::string text(const std::string& task, const StoredEntry& entry) const;

 private:
  NamedSerde key_;
  NamedSerde value_;
  std::optional<Duration> window_size_;
};

}  // namespace levada
