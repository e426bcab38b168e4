// What a task's database knows about its stores beside their entries: kinds, changelog offsets, progress of windows.
// The grammar stands in task_state.h.
//
//   ASSIGN_OR_RETURN(StoreFacts facts, StoreFacts::read(database));
//   facts.put_offset("counts", 17, batch);                     // known here once set_offset() says it was written
//
// Part of TaskState.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/store.h>
#include <levada/core/topic_partition.h>
#include <levada/state/rocks_database.h>
#include <levada/state/window_segments.h>

namespace levada {

struct StoreKind {
  StoreShape shape = StoreShape::kKeyValue;
  bool timestamped = false;
  bool headers = false;
  bool retain_duplicates = false;
  bool by_time = false;
  Duration segment_interval = {};

  // Intervals may differ: the one that files were written with stays.
  bool is_like(const StoreKind& other) const {
    return shape == other.shape && timestamped == other.timestamped && headers == other.headers &&
           retain_duplicates == other.retain_duplicates && by_time == other.by_time;
  }
  std::string to_string() const;
};

StoreKind kind_of(const StoreSpec& spec);

class StoreFacts {
 public:
  static absl::StatusOr<StoreFacts> read(const RocksDatabase& database);

  const std::map<std::string, StoreKind>& kinds() const { return kinds_; }
  std::optional<StoreKind> kind(const std::string& store) const;
  std::optional<Offset> offset(const std::string& store) const;
  std::optional<Offset> position(const TopicPartition& input) const;
  WindowProgress progress(const std::string& store) const;

  // Stores whose dropping a crash interrupted, and stores that are there but not among `wanted`.
  std::vector<std::string> unwanted(const std::vector<std::string>& wanted) const;
  // Drops all that is known of a store, its column families included.
  absl::Status drop(const std::string& store, RocksDatabase& database);

  static void put_kind(const std::string& store, const StoreKind& kind, RocksBatch& batch);
  static void put_offset(const std::string& store, Offset next, RocksBatch& batch);
  static void put_position(const TopicPartition& input, Offset next, RocksBatch& batch);
  static void put_progress(const std::string& store, const WindowProgress& progress, RocksBatch& batch);
  void set_kind(const std::string& store, const StoreKind& kind) { kinds_[store] = kind; }
  void set_offset(const std::string& store, Offset next) { offsets_[store] = next; }

 private:
  std::map<std::string, StoreKind> kinds_ = {};
  std::map<std::string, Offset> offsets_ = {};
  std::map<std::string, Offset> positions_ = {};
  std::map<std::string, WindowProgress> progress_ = {};
  std::vector<std::string> dropping_ = {};
};

}  // namespace levada
