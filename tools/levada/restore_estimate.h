// What the stores of an instance would read of their changelogs if it started now.
//
//   LEVADA_ASSIGN_OR_RETURN(const auto restores, estimate_restores(request, connection));
//   for (const StoreRestore& each : restores) …
//
// Records are counted as offsets, less what compaction has left out, which a sample of the changelog tells; so are
// bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include <levada/core/json.h>
#include <levada/core/saved_topology.h>

#include "tools/levada/connection.h"

namespace levada {

struct StoreRestore {
  std::string task = {};  // "?_3" where nothing tells the sub-topology
  std::string store = {};
  std::optional<std::string> changelog = std::nullopt;    // none: nothing would be restored, or nobody knows from what
  std::optional<std::int64_t> checkpoint = std::nullopt;  // the next offset by the disk; none: from the beginning
  std::int64_t end = 0;
  std::int64_t records = 0;
  std::int64_t bytes = 0;  // of keys and values
  double seconds = 0;
  std::string note = {};

  static constexpr auto json_fields() {
    return levada::json_fields("task", &StoreRestore::task, "store", &StoreRestore::store, "changelog",
                               &StoreRestore::changelog, "checkpoint", &StoreRestore::checkpoint, "end",
                               &StoreRestore::end, "records", &StoreRestore::records, "bytes", &StoreRestore::bytes,
                               "seconds", &StoreRestore::seconds, "note", &StoreRestore::note);
  }
};

struct RestoreRequest {
  std::filesystem::path directory = {};                  // the application's
  std::optional<SavedTopology> topology = std::nullopt;  // tells source topics that are read as changelogs
  bool all_tasks = false;                                // also those whose stores are not on this disk
  std::int64_t rate = 0;                                 // records a second
};

// In the order of tasks. The instance must not run.
absl::StatusOr<std::vector<StoreRestore>> estimate_restores(const RestoreRequest& request,
                                                            const Connection& connection);

}  // namespace levada
