// When the changes of a table go on: not each at once, but only the last one of a key, when it has waited.
//
//   counts.suppress(Suppressed::until_window_closes(BufferConfig::unbounded()));     // one result a window: the last
//   totals.suppress(Suppressed::until_time_limit(30s, BufferConfig::max_records(1000)));     // one a key in 30 s
//
// Time is event time: without new records nothing goes on. What waits is kept in memory and in a changelog. A buffer
// that is full emits its earliest change too early, unless it is told to end the application; final results can only
// wait in one that does.
//
//   BufferConfig::max_bytes(64 << 20).with_max_records(100'000).emit_early_when_full()
//   BufferConfig::max_records(100'000).shut_down_when_full()
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include <levada/core/time.h>
#include <levada/dsl/named.h>

namespace levada {

namespace internal {

enum class WhenFull { kEmitEarly, kShutDown };

struct BufferLimits {
  std::size_t records = std::numeric_limits<std::size_t>::max();
  std::size_t bytes = std::numeric_limits<std::size_t>::max();
  WhenFull when_full = WhenFull::kEmitEarly;
  bool logging = true;
  std::map<std::string, std::string> topic_config = {};
};

}  // namespace internal

// The limits of what may wait, of keys and values with some bytes for each.
template <internal::WhenFull kWhenFull>
class SuppressBuffer {
 public:
  SuppressBuffer with_max_records(std::size_t records) const {
    SuppressBuffer changed = *this;
    changed.limits_.records = records;
    return changed;
  }
  SuppressBuffer with_max_bytes(std::size_t bytes) const {
    SuppressBuffer changed = *this;
    changed.limits_.bytes = bytes;
    return changed;
  }
  SuppressBuffer<internal::WhenFull::kShutDown> with_no_bound() const {
    return with_max_records(internal::BufferLimits().records).with_max_bytes(internal::BufferLimits().bytes).limits_;
  }

  SuppressBuffer<internal::WhenFull::kEmitEarly> emit_early_when_full() const { return limits_; }
  SuppressBuffer<internal::WhenFull::kShutDown> shut_down_when_full() const { return limits_; }

  // The changelog, with which what waits survives the process: there is one unless it is disabled.
  SuppressBuffer with_logging_disabled() const {
    SuppressBuffer changed = *this;
    changed.limits_.logging = false;
    return changed;
  }
  SuppressBuffer with_logging_enabled(std::map<std::string, std::string> topic_config) const {
    SuppressBuffer changed = *this;
    changed.limits_.logging = true;
    changed.limits_.topic_config = std::move(topic_config);
    return changed;
  }

  const internal::BufferLimits& limits() const { return limits_; }

 private:
  template <internal::WhenFull>
  friend class SuppressBuffer;
  friend class BufferConfig;

  SuppressBuffer(internal::BufferLimits limits) : limits_(std::move(limits)) {  // NOLINT(google-explicit-constructor)
    limits_.when_full = kWhenFull;
  }

  internal::BufferLimits limits_;
};

using EagerBufferConfig = SuppressBuffer<internal::WhenFull::kEmitEarly>;
using StrictBufferConfig = SuppressBuffer<internal::WhenFull::kShutDown>;

class BufferConfig {
 public:
  static StrictBufferConfig unbounded() { return internal::BufferLimits(); }
  static EagerBufferConfig max_records(std::size_t records) { return EagerBufferConfig({.records = records}); }
  static EagerBufferConfig max_bytes(std::size_t bytes) { return EagerBufferConfig({.bytes = bytes}); }
};

namespace internal {

// What Suppressed makes, for KTable::suppress.
struct UntilWindowCloses {
  BufferLimits limits = {};
  std::string name = {};
};
struct UntilTimeLimit {
  Duration wait = {};
  BufferLimits limits = {};
  std::string name = {};
};

}  // namespace internal

class Suppressed {
 public:
  // Of windowed tables: the last row of a window, once the window's grace is over. Rows that are gone by then are never
  // seen.
  template <internal::WhenFull kWhenFull>
  static internal::UntilWindowCloses until_window_closes(const SuppressBuffer<kWhenFull>& buffer, Named options = {}) {
    static_assert(kWhenFull == internal::WhenFull::kShutDown,
                  "until_window_closes: a buffer that emits early when it is full shows results that are not final; "
                  "use BufferConfig::unbounded() or shut_down_when_full()");
    return {buffer.limits(), std::move(options.name)};
  }

  // Of any table: the last change of a key, so much event time after the first one that waits.
  template <internal::WhenFull kWhenFull>
  static internal::UntilTimeLimit until_time_limit(Duration wait, const SuppressBuffer<kWhenFull>& buffer,
                                                   Named options = {}) {
    return {wait, buffer.limits(), std::move(options.name)};
  }
};

}  // namespace levada
