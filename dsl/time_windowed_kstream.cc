#include <absl/strings/str_cat.h>

#include <levada/dsl/time_windowed_kstream.h>

namespace levada::internal {

Duration checked_retention(Graph& graph, const std::string& store, const TimeWindows& windows,
                           const std::optional<Duration>& retention) {
  const Duration needed = windows.size() + windows.grace();
  if (retention && *retention < needed) {
    graph.mistake(absl::StrCat("store ", store, ": a retention of ", retention->count(),
                               " ms is less than the size and grace of its windows, ", needed.count(), " ms"));
  }
  return retention.value_or(needed);
}

}  // namespace levada::internal
