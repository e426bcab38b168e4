// The records of a left or outer join of two streams that have found no partner yet, by time, until their windows
// close: then they are joined with nothing.
//
//   OuterJoinStore& waiting = context.store(StoreRef<OuterJoinStore>{"j-left-shared-join-store"});
//   waiting.observe(record.timestamp);
//   waiting.add({.timestamp = record.timestamp, .side = JoinSide::kLeft, .key = key}, value);
//   waiting.remove({.timestamp = other_time, .side = JoinSide::kRight, .key = key});     // it has found one
//   waiting.take_closed(reach, JoinSide::kLeft, context.wall_clock_time(), [](const OuterJoinKey&, BytesView) { … });
//
// Both sides of a join share it, and with it the stream time that closes windows. core/outer_join.h has the grammar of
// keys and values. Belongs to its task; used on the task's thread. Throws StoreError when the disk fails.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <absl/functional/function_ref.h>

#include <levada/core/observed_time.h>
#include <levada/core/outer_join.h>
#include <levada/core/store.h>
#include <levada/core/time.h>
#include <levada/state/list_value_bytes.h>

namespace levada {

struct OuterJoinStoreOptions {
  StoreEngine engine = StoreEngine::kRocksDb;
  bool logging = true;
  std::map<std::string, std::string> topic_config = {};
};

// How far ahead in time the partners of a record may be, and how late they may come.
struct JoinReach {
  Duration left = {};
  Duration right = {};
  Duration grace = {};

  Duration of(JoinSide side) const { return (side == JoinSide::kLeft ? left : right) + grace; }
};

class OuterJoinStore final : public StateStore {
 public:
  using Options = OuterJoinStoreOptions;
  using Visitor = absl::FunctionRef<void(const OuterJoinKey& key, BytesView value)>;

  static StoreSpec spec(std::string name, const Options& options);

  explicit OuterJoinStore(StoreHost& host) : lists_(host) {}

  // A record of either side came: stream time advances.
  void observe(Timestamp time) { time_.observe(time); }
  Timestamp stream_time() const { return time_.now(); }
  void set_time_limit(const Timestamp& limit) { time_.set_limit(limit); }
  void set_scan_interval(Duration interval) { scan_interval_ = interval; }

  // Behind other values of the same key, time and side.
  void add(const OuterJoinKey& key, BytesView value);
  // All values of the key, if there are any.
  void remove(const OuterJoinKey& key);

  // Hands out what no partner can come for any more, and forgets it. Looks once an interval of wall-clock time at most,
  // and not before the earliest record could be due for `side`.
  void take_closed(const JoinReach& reach, JoinSide side, Timestamp now, Visitor visit);

 private:
  const Bytes& encoded(const OuterJoinKey& key);
  void scan(const JoinReach& reach, Visitor visit);

  ListValueBytes lists_;
  ObservedTime time_{kNoTimeLimit};
  std::optional<Timestamp> earliest_ = std::nullopt;  // of what waits; unknown before the first scan
  Duration scan_interval_ = Duration(0);
  Timestamp next_scan_ = Timestamp::min();
  Bytes key_ = {};
  Bytes value_ = {};
};

}  // namespace levada
