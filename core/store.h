// State stores as the topology knows them: a name, a shape, and how to build the typed store over its bytes.
//
//   StoreRef<KeyValueStore<std::string, std::int64_t>> seen = builder.add_store<…>("seen");
//   context.store(seen).put("a", 1);
//
// The stores themselves are in state/.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include <levada/core/store_shape.h>
#include <levada/core/time.h>

namespace levada {

class StoreHost;  // state/store_host.h: the bytes of one store in one task

// Base of every typed store. A store belongs to its task and is used on its thread only.
class StateStore {
 public:
  virtual ~StateStore() = default;
};

// A store's name that knows the store's type.
template <class S>
struct StoreRef {
  std::string name = {};
};

enum class StoreEngine { kRocksDb, kInMemory };

struct StoreSpec {
  std::string name = {};
  StoreShape shape = StoreShape::kKeyValue;
  StoreEngine engine = StoreEngine::kRocksDb;
  bool timestamped = false;  // the timestamp of a value stands in front of it in the store, and on the changelog record
  bool headers = false;      // so do the headers, before it (stored_headers.h): of timestamped and session stores
  bool deletion_headers = false;  // the changelog's record of a deletion has the headers of the record that made it
  bool caching = false;           // changes reach the nodes downstream at commit, the last one per key
  bool logging = true;            // changes go to the changelog topic <application.id>-<name>-changelog
  // It is restored from this topic, which a source of the topology reads, instead of from a changelog of its own: not
  // logged then.
  std::string source_topic = {};
  // Not empty: a global store, which each instance fills from all partitions of a topic. The node that writes to it;
  // every other node may read it.
  std::string filled_by = {};
  bool transient = false;  // forgets what it has told downstream; cached, not logged, and nothing to be restored
  std::map<std::string, std::string> topic_config = {};  // of the changelog, over what Levada sets by itself
  Duration ttl = {};  // of timestamped key-value stores: how long an entry stays by stream time; 0: for ever

  // Retention and interval are of window, session and versioned stores, `by_time` of window and session stores, the
  // rest of window stores only.
  Duration window_size = {};
  Duration retention = {};
  Duration segment_interval = {};
  bool retain_duplicates = false;
  bool by_time = false;  // can also be walked in the order of time, over all keys: for results at a window's close

  std::function<std::unique_ptr<StateStore>(StoreHost&)> make = {};
};

}  // namespace levada
