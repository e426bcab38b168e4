#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <levada/core/big_endian.h>
#include <levada/core/serde_traits.h>
#include <levada/core/window_key.h>

namespace levada {
namespace {

constexpr char kTimeFirst = '\0';
constexpr char kKeyFirst = '\1';
constexpr std::size_t kTimeSize = sizeof(std::int64_t);
constexpr std::size_t kSeqnumSize = sizeof(std::int32_t);
constexpr std::int32_t kMaxSeqnum = std::numeric_limits<std::int32_t>::max();
constexpr Timestamp kMaxTime = Timestamp::max();
constexpr Timestamp kZero{};

void append_time(Timestamp time, Bytes& out) { append_big_endian<std::int64_t>(time.time_since_epoch().count(), out); }

Bytes time_bytes(Timestamp time) {
  Bytes out;
  append_time(time, out);
  return out;
}

Bytes seqnum_bytes(std::int32_t seqnum) {
  Bytes out;
  append_big_endian(seqnum, out);
  return out;
}

Timestamp read_time(BytesView bytes) { return Timestamp(Duration(read_big_endian<std::int64_t>(bytes))); }

void expect_at_least(std::size_t size, BytesView bytes, const char* what) {
  if (bytes.size() >= size) return;
  throw SerdeError(fmt::format("{}: expected at least {} bytes, found {}", what, size, bytes.size()));
}

BytesView without_marker(char marker, BytesView bytes, const char* what) {
  expect_at_least(1, bytes, what);
  if (bytes[0] == marker) return bytes.substr(1);
  throw SerdeError(
      fmt::format("{}: expected first byte {:02x}, found {:02x}", what, marker, static_cast<unsigned char>(bytes[0])));
}

Bytes with_marker(char marker, const Bytes& bytes) { return Bytes(1, marker) + bytes; }

NullableBytes with_marker(char marker, const NullableBytes& bytes) {
  if (!bytes) return std::nullopt;
  return with_marker(marker, *bytes);
}

// The greatest key of any length that starts like `key` and can be followed by a suffix up to `max_suffix`: a longer
// key sorts behind the shorter one's entries from the first byte on that is at least the suffix's.
Bytes upper_bound_of(BytesView key, const Bytes& max_suffix) {
  const auto first = static_cast<unsigned char>(max_suffix[0]);
  std::size_t kept = std::min<std::size_t>(key.size(), 1);
  if (first == 0) kept = key.size();
  while (kept < key.size() && static_cast<unsigned char>(key[kept]) >= first) ++kept;
  return Bytes(key.substr(0, kept)) + max_suffix;
}

Bytes max_window_suffix(Timestamp to) { return time_bytes(to) + seqnum_bytes(kMaxSeqnum); }

Bytes max_session_suffix(Timestamp to) { return time_bytes(kMaxTime) + time_bytes(to); }

KeyRange time_first_range_of_all(Timestamp from) {
  return {with_marker(kTimeFirst, time_bytes(from)), Bytes(1, kTimeFirst + 1)};
}

KeyRange time_first_window_range(BytesView key, Timestamp from, Timestamp to) {
  return {with_marker(kTimeFirst, time_bytes(from) + Bytes(key)),
          with_marker(kTimeFirst, time_bytes(to) + Bytes(key.size(), '\xff') + seqnum_bytes(kMaxSeqnum))};
}

KeyRange time_first_session_range(BytesView key, Timestamp from, Timestamp to) {
  return {with_marker(kTimeFirst, time_bytes(from) + time_bytes(kZero) + Bytes(key)),
          with_marker(kTimeFirst, max_session_suffix(to) + Bytes(key))};
}

KeyRange key_first(const KeyRange& plain) {
  return {with_marker(kKeyFirst, plain.lower), with_marker(kKeyFirst, plain.upper)};
}

}  // namespace

void append_window_key(const WindowKey& key, Bytes& out) {
  out += key.key;
  append_time(key.start, out);
  append_big_endian(key.seqnum, out);
}

void append_time_first_window_key(const WindowKey& key, Bytes& out) {
  out += kTimeFirst;
  append_time(key.start, out);
  out += key.key;
  append_big_endian(key.seqnum, out);
}

void append_key_first_window_key(const WindowKey& key, Bytes& out) {
  out += kKeyFirst;
  append_window_key(key, out);
}

void append_session_key(const SessionKey& key, Bytes& out) {
  out += key.key;
  append_time(key.window.end, out);
  append_time(key.window.start, out);
}

void append_time_first_session_key(const SessionKey& key, Bytes& out) {
  out += kTimeFirst;
  append_time(key.window.end, out);
  append_time(key.window.start, out);
  out += key.key;
}

void append_key_first_session_key(const SessionKey& key, Bytes& out) {
  out += kKeyFirst;
  append_session_key(key, out);
}

WindowKey read_window_key(BytesView bytes) {
  expect_at_least(kWindowKeySuffix, bytes, "window key");
  const std::size_t key_size = bytes.size() - kWindowKeySuffix;
  return {bytes.substr(0, key_size), read_time(bytes.substr(key_size)),
          read_big_endian<std::int32_t>(bytes.substr(key_size + kTimeSize))};
}

WindowKey read_time_first_window_key(BytesView bytes) {
  bytes = without_marker(kTimeFirst, bytes, "time-first window key");
  expect_at_least(kWindowKeySuffix, bytes, "time-first window key");
  const std::size_t seqnum_at = bytes.size() - kSeqnumSize;
  return {bytes.substr(kTimeSize, seqnum_at - kTimeSize), read_time(bytes),
          read_big_endian<std::int32_t>(bytes.substr(seqnum_at))};
}

WindowKey read_key_first_window_key(BytesView bytes) {
  return read_window_key(without_marker(kKeyFirst, bytes, "key-first window key"));
}

SessionKey read_session_key(BytesView bytes) {
  expect_at_least(kSessionKeySuffix, bytes, "session key");
  const std::size_t key_size = bytes.size() - kSessionKeySuffix;
  const BytesView times = bytes.substr(key_size);
  return {bytes.substr(0, key_size), {.start = read_time(times.substr(kTimeSize)), .end = read_time(times)}};
}

SessionKey read_time_first_session_key(BytesView bytes) {
  bytes = without_marker(kTimeFirst, bytes, "time-first session key");
  expect_at_least(kSessionKeySuffix, bytes, "time-first session key");
  return {bytes.substr(kSessionKeySuffix), {.start = read_time(bytes.substr(kTimeSize)), .end = read_time(bytes)}};
}

SessionKey read_key_first_session_key(BytesView bytes) {
  return read_session_key(without_marker(kKeyFirst, bytes, "key-first session key"));
}

KeyRange key_range(KeySchema schema, NullableView key, Timestamp from, Timestamp to) {
  switch (schema) {
    case KeySchema::kWindow:
      if (!key) return {};
      return {Bytes(*key) + Bytes(kWindowKeySuffix, '\0'), upper_bound_of(*key, max_window_suffix(to))};
    case KeySchema::kSession:
      if (!key) return {};
      return {Bytes(*key) + Bytes(kSessionKeySuffix, '\0'), upper_bound_of(*key, max_session_suffix(to))};
    case KeySchema::kTimeFirstWindow:
      return key ? time_first_window_range(*key, from, to) : time_first_range_of_all(from);
    case KeySchema::kTimeFirstSession:
      return key ? time_first_session_range(*key, from, to) : time_first_range_of_all(from);
    case KeySchema::kKeyFirstWindow:
    case KeySchema::kKeyFirstSession:
      break;
  }
  if (!key) return {Bytes(1, kKeyFirst), Bytes(1, kKeyFirst + 1)};
  return key_first(
      key_range(schema == KeySchema::kKeyFirstWindow ? KeySchema::kWindow : KeySchema::kSession, key, from, to));
}

KeyRange fixed_size_key_range(KeySchema schema, NullableView key, Timestamp from, Timestamp to) {
  if (!key) return {};
  const Timestamp start = std::max(from, kZero);
  KeyRange range{.lower = Bytes(), .upper = Bytes()};
  switch (schema) {
    case KeySchema::kWindow:
      append_window_key({*key, start, 0}, *range.lower);
      append_window_key({*key, to, kMaxSeqnum}, *range.upper);
      return range;
    case KeySchema::kTimeFirstWindow:
      append_time_first_window_key({*key, start, 0}, *range.lower);
      append_time_first_window_key({*key, to, kMaxSeqnum}, *range.upper);
      return range;
    case KeySchema::kSession:
      append_session_key({*key, {.start = kZero, .end = start}}, *range.lower);
      append_session_key({*key, {.start = to, .end = kMaxTime}}, *range.upper);
      return range;
    case KeySchema::kTimeFirstSession:
      return time_first_session_range(*key, start, to);
    case KeySchema::kKeyFirstWindow:
      return key_first(fixed_size_key_range(KeySchema::kWindow, key, from, to));
    case KeySchema::kKeyFirstSession:
      return key_first(fixed_size_key_range(KeySchema::kSession, key, from, to));
  }
  return {};
}

}  // namespace levada
