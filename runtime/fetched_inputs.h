// Which inputs a thread fetches: all of them; or, while its queues are full and a task waits for an input that has run
// dry, only those that have. Else what it waits for would never come.
//
//   if (const auto which = fetched.choose(full, holds_back)) consumer.assign(…);
//
// Owned by the tasks of a thread.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

namespace levada {

class FetchedInputs {
 public:
  enum class Which : std::uint8_t { kAll, kDry };

  // What is to be asked for, if it has to be asked anew. Between the two ends of a full buffer nothing changes: what
  // was fetched and is not processed is fetched again each time.
  std::optional<Which> choose(bool full, bool holds_back) {
    const bool stuck = full && holds_back;
    if (stuck && !std::exchange(was_stuck_, true)) {
      only_dry_ = true;
      return Which::kDry;
    }
    was_stuck_ = stuck;
    if (full || !std::exchange(only_dry_, false)) return std::nullopt;
    return Which::kAll;
  }
  // All of them were asked for.
  void set_all() { only_dry_ = was_stuck_ = false; }

 private:
  bool only_dry_ = false;
  bool was_stuck_ = false;  // when it was last asked
};

}  // namespace levada
