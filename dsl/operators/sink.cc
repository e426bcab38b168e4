#include <stdexcept>

#include <absl/strings/str_cat.h>

#include <levada/dsl/operators/sink.h>

namespace levada::internal {

Partition checked_partition(Partition chosen, Partition count) {
  if (chosen >= 0 && chosen < count) return chosen;
  throw std::out_of_range(
      absl::StrCat("the partitioner chose partition ", chosen, " of a topic with ", count, " partitions"));
}

}  // namespace levada::internal
