#include <absl/strings/str_cat.h>

#include <levada/dsl/windowing.h>

namespace levada::internal {

Duration checked_retention(Graph& graph, const std::string& store, Duration needed, std::string_view what,
                           const std::optional<Duration>& wanted) {
  if (wanted && *wanted < needed) {
    graph.mistake(absl::StrCat("store ", store, ": a retention of ", wanted->count(), " ms is less than ",
                               std::string(what), ", ", needed.count(), " ms"));
  }
  return wanted.value_or(needed);
}

Duration sum_of(Duration a, Duration b) { return a > Duration::max() - b ? Duration::max() : a + b; }

}  // namespace levada::internal
