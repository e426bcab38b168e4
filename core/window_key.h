// The keys of windowed records, in stores, their changelogs and output topics.
//
//   Bytes key;
//   append_window_key({.key = "k", .start = start}, key);
//   WindowKey back = read_window_key(key);                // back.key looks into `key`
//   KeyRange range = key_range(KeySchema::kWindow, "k", from, to);
//
// Grammar; integers are big-endian, `|` joins, k is the user's key:
//   window             k | int64 start | int32 seqnum          window stores and their changelogs
//   session            k | int64 end | int64 start             session stores, their changelogs, topics
//   time-first window  00 | int64 start | k | int32 seqnum     stores that emit when a window closes
//   key-first window   01 | k | int64 start | int32 seqnum     their index
//   time-first session 00 | int64 end | int64 start | k
//   key-first session  01 | k | int64 end | int64 start
// Topics carry windows as `k | int64 start`: see serdes/windowed.h. The end of a window is its start plus a size that
// the reader knows. read_… throws SerdeError when the bytes are too short.
#pragma once

#include <cstddef>
#include <cstdint>

#include <levada/core/bytes.h>
#include <levada/core/time.h>
#include <levada/core/windowed.h>

namespace levada {

inline constexpr std::size_t kWindowKeySuffix = 12;
inline constexpr std::size_t kSessionKeySuffix = 16;

struct WindowKey {
  BytesView key;
  Timestamp start;
  std::int32_t seqnum = 0;  // tells apart what stores with duplicates keep under one key and start; 0 elsewhere

  bool operator==(const WindowKey&) const = default;
};

struct SessionKey {
  BytesView key;
  Window window;

  bool operator==(const SessionKey&) const = default;
};

void append_window_key(const WindowKey& key, Bytes& out);
void append_time_first_window_key(const WindowKey& key, Bytes& out);
void append_key_first_window_key(const WindowKey& key, Bytes& out);
void append_session_key(const SessionKey& key, Bytes& out);
void append_time_first_session_key(const SessionKey& key, Bytes& out);
void append_key_first_session_key(const SessionKey& key, Bytes& out);

WindowKey read_window_key(BytesView bytes);
WindowKey read_time_first_window_key(BytesView bytes);
WindowKey read_key_first_window_key(BytesView bytes);
SessionKey read_session_key(BytesView bytes);
SessionKey read_time_first_session_key(BytesView bytes);
SessionKey read_key_first_session_key(BytesView bytes);

enum class KeySchema {
  kWindow,
  kSession,
  kTimeFirstWindow,
  kKeyFirstWindow,
  kTimeFirstSession,
  kKeyFirstSession,
};

// Both ends inclusive, in the unsigned order of bytes; nullopt is unbounded.
struct KeyRange {
  NullableBytes lower = std::nullopt;
  NullableBytes upper = std::nullopt;

  bool operator==(const KeyRange&) const = default;
};

// A range that contains every entry of `key` with a start in [from, to] (sessions: that overlap it), and perhaps
// others: keys have no length, so entries of longer keys lie between. Without a key: of every key.
KeyRange key_range(KeySchema schema, NullableView key, Timestamp from, Timestamp to);

// The same when all keys are known to be as long as this one; unbounded without a key.
KeyRange fixed_size_key_range(KeySchema schema, NullableView key, Timestamp from, Timestamp to);

}  // namespace levada
