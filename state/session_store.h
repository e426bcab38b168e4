// Values by key and session, a stretch of time that ends with the last event of a row of events.
//
//   StoreSpec spec = SessionStore<std::string, double>::spec("s", {.retention = 2h});
//   store.put({"a", {start, end}}, 1.5);
//   std::optional<double> value = store.fetch_session("a", start, end);
//   for (const auto& [session, value] : store.fetch("a")) …                         // Windowed<K>
//   for (const auto& [session, value] : store.find_sessions("a", t - gap, t + gap)) …    // what t may belong to
//
// Walked segment by segment of time, then in the order of the keys' bytes: the sessions of a key by their end. What
// ends at or before the latest end minus the retention is gone, of cached stores with its whole segment only. Belongs
// to its task; used on the task's thread. Throws SerdeError for bytes that are no K or V, StoreError when the disk
// fails, std::invalid_argument for a start before 1970.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include <levada/core/change.h>
#include <levada/core/serde.h>
#include <levada/core/windowed.h>
#include <levada/state/key_value_store.h>
#include <levada/state/session_bytes.h>
#include <levada/state/store_range.h>

namespace levada {

template <class K, class V>
struct SessionStoreOptions {
  Duration retention = {};         // at least the inactivity gap and the grace
  Duration segment_interval = {};  // of the files; 0: max(retention / 2, 60 s)
  Serde<K> key = {};
  Serde<V> value = {};
  StoreEngine engine = StoreEngine::kRocksDb;
  bool by_time = false;  // find_sessions(earliest_end, latest_end) walks in the order of time, not through all keys
  bool caching = false;
  bool logging = true;
  std::map<std::string, std::string> topic_config = {};
};

namespace internal {

template <class K, class V>
StoreSpec session_spec(std::string name, const SessionStoreOptions<K, V>& options) {
  return {.name = std::move(name),
          .shape = StoreShape::kSession,
          .engine = options.engine,
          .caching = options.caching,
          .logging = options.logging,
          .topic_config = options.topic_config,
          .retention = options.retention,
          .segment_interval = options.segment_interval,
          .by_time = options.by_time};
}

}  // namespace internal

template <class K, class V>
class SessionStore : public StateStore {
  static_assert(!is_optional_v<K> && !is_optional_v<V>,
                "SessionStore<K, V>: no optionals here; remove(session) removes a session");
  static_assert(!std::is_reference_v<K> && !std::is_reference_v<V> && !std::is_same_v<K, BytesView> &&
                    !std::is_same_v<V, BytesView>,
                "SessionStore<K, V>: a store outlives the record; keep std::string, not a view");

 public:
  using Key = K;
  using Value = V;
  using Options = SessionStoreOptions<K, V>;
  using Sessions = StoreRange<std::pair<Windowed<K>, V>>;
  using FlushListener = std::function<void(const Windowed<K>&, const Change<V>&, const RecordContext&, Timestamp)>;

  static StoreSpec spec(std::string name, Options options) {
    StoreSpec spec = internal::session_spec(std::move(name), options);
    spec.make = [key = options.key, value = options.value](StoreHost& host) {
      return std::make_unique<SessionStore>(host, key, value);
    };
    return spec;
  }

  SessionStore(StoreHost& host, Serde<K> key, Serde<V> value)
      : sessions_(host), key_(std::move(key)), value_(std::move(value)) {}

  void put(const Windowed<K>& session, const V& value) {
    value_bytes_.clear();
    const bool is_value = value_.encode(value, value_bytes_);
    sessions_.put(encoded(session), is_value ? NullableView(value_bytes_) : NullableView());
  }
  template <class Optional>
  requires std::is_same_v<Optional, std::optional<V>>
  void put(const Windowed<K>& session, const Optional& value) {
    if (value) return put(session, *value);
    sessions_.put(encoded(session), std::nullopt);
  }
  void remove(const Windowed<K>& session) { sessions_.remove(encoded(session)); }

  std::optional<V> fetch_session(const K& key, Timestamp start, Timestamp end) const {
    if (!sessions_.fetch({encoded(key), {.start = start, .end = end}}, value_bytes_)) return std::nullopt;
    return value_.decode(value_bytes_);
  }

  // All sessions of a key, or of the keys between two; nullopt is no bound.
  Sessions fetch(const K& key) const { return of_key(key, {}); }
  Sessions backward_fetch(const K& key) const { return of_key(key, {.direction = Direction::kBackward}); }
  Sessions fetch(const std::optional<K>& key_from, const std::optional<K>& key_to) const {
    return between(key_from, key_to, {});
  }
  Sessions backward_fetch(const std::optional<K>& key_from, const std::optional<K>& key_to) const {
    return between(key_from, key_to, {.direction = Direction::kBackward});
  }

  // Those that end at `earliest_end` or later and start at `latest_start` or earlier.
  Sessions find_sessions(const K& key, Timestamp earliest_end, Timestamp latest_start) const {
    return of_key(key, {.earliest_end = earliest_end, .latest_start = latest_start});
  }
  Sessions backward_find_sessions(const K& key, Timestamp earliest_end, Timestamp latest_start) const {
    return of_key(key, {.earliest_end = earliest_end, .latest_start = latest_start, .direction = Direction::kBackward});
  }
  Sessions find_sessions(const std::optional<K>& key_from, const std::optional<K>& key_to, Timestamp earliest_end,
                         Timestamp latest_start) const {
    return between(key_from, key_to, {.earliest_end = earliest_end, .latest_start = latest_start});
  }
  Sessions backward_find_sessions(const std::optional<K>& key_from, const std::optional<K>& key_to,
                                  Timestamp earliest_end, Timestamp latest_start) const {
    return between(key_from, key_to,
                   {.earliest_end = earliest_end, .latest_start = latest_start, .direction = Direction::kBackward});
  }

  // Those of all keys that end between two times, both inclusive. Of stores by time: in the order of their ends.
  Sessions find_sessions(Timestamp earliest_end, Timestamp latest_end) const {
    if (spec().by_time) return sessions(sessions_.find_by_time(earliest_end, latest_end));
    return sessions(sessions_.find({.earliest_end = earliest_end, .latest_end = latest_end}));
  }

  const StoreSpec& spec() const { return sessions_.host().spec(); }

  // Of a cached store: what happens at commit with what the record cache held back. The context is that of the
  // session's last write, the timestamp the session's end; `before` is filled after send_old_values(), and for
  // deletions.
  void set_flush_listener(FlushListener listener) {
    sessions_.host().set_flush_listener([this, listener = std::move(listener)](const HeldBackChange& change) {
      const Windowed<K> session = decoded(change.key);
      listener(session,
               {.before = internal::decode_nullable(value_, change.before),
                .after = internal::decode_nullable(value_, change.after)},
               change.record, session.window.end);
    });
  }
  void send_old_values() { sessions_.host().send_old_values(); }

 private:
  const Bytes& encoded(const K& key) const {
    key_bytes_.clear();
    if (!key_.encode(key, key_bytes_)) throw std::invalid_argument("store " + spec().name + ": a key cannot be null");
    return key_bytes_;
  }
  SessionKey encoded(const Windowed<K>& session) const { return {encoded(session.key), session.window}; }

  Windowed<K> decoded(BytesView session_key) const {
    const SessionKey session = read_session_key(session_key);
    return {key_.decode(session.key), session.window};
  }

  Sessions of_key(const K& key, SessionQuery query) const {
    query.key_from = query.key_to = encoded(key);
    return sessions(sessions_.find(query));
  }

  Sessions between(const std::optional<K>& key_from, const std::optional<K>& key_to, SessionQuery query) const {
    if (key_from) query.key_from = encoded(*key_from);
    if (key_to) query.key_to = encoded(*key_to);
    return sessions(sessions_.find(query));
  }

  Sessions sessions(std::unique_ptr<ByteIterator> bytes) const {
    return Sessions(std::move(bytes), [this](BytesView session, BytesView value) {
      return std::pair<Windowed<K>, V>(decoded(session), value_.decode(value));
    });
  }

  SessionBytes sessions_;
  const Serde<K> key_;
  const Serde<V> value_;
  mutable Bytes key_bytes_ = {};
  mutable Bytes value_bytes_ = {};
};

}  // namespace levada
