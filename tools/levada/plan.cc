#include "tools/levada/plan.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <levada/core/generated_name.h>

#include "tools/levada/parts.h"

namespace levada {
namespace {

using Names = std::set<std::string>;

bool disjoint(const Names& a, const Names& b) {
  return !a.empty() && !b.empty() && std::ranges::none_of(a, [&](const std::string& name) { return b.contains(name); });
}

template <class T>
bool differ(const std::optional<T>& a, const std::optional<T>& b) {
  return a && b && *a != *b;
}

std::string list(const Names& names) { return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", ")); }

// A number that was given to one step may go to another one when the topology changes.
bool is_of_another_step(const Part& before, const Part& after) {
  if (!internal::is_generated_name(before.name)) return false;
  return before.steps != after.steps || disjoint(before.inputs, after.inputs) ||
         disjoint(before.outputs, after.outputs);
}

std::optional<std::string> reason_to_rebuild(const Part& before, const Part& after) {
  if (differ(before.kind, after.kind)) {
    return fmt::format("was a {}, is a {} now: what its changelog holds cannot be read", *before.kind, *after.kind);
  }
  if (is_of_another_step(before, after)) {
    return fmt::format("the number belongs to another step now: {} fed by {}, before it was {} fed by {}",
                       list(after.steps), list(after.inputs), list(before.steps), list(before.inputs));
  }
  if (before.partitions != after.partitions && (before.partitions || after.partitions)) {
    const auto text = [](const auto& count) {
      return count ? std::to_string(*count) : std::string("as many as its input");
    };
    return fmt::format("its partitions were {}, are {} now: it has to be deleted first", text(before.partitions),
                       text(after.partitions));
  }
  const bool store = before.what == "store";
  if (store && before.logging.value_or(true) && !after.logging.value_or(true)) {
    return "it has no changelog any more, which stays in the cluster";
  }
  if (store && before.sub_topology != after.sub_topology) {
    return fmt::format("its tasks are {}_* now, before {}_*: restored from its changelog", after.sub_topology,
                       before.sub_topology);
  }
  return std::nullopt;
}

std::string what_changed(const Part& before, const Part& after) {
  if (differ(before.retention, after.retention)) {
    return fmt::format("retention was {} ms, is {} ms now", *before.retention, *after.retention);
  }
  if (before.inputs != after.inputs) {
    return fmt::format("was fed by {}, by {} now", list(before.inputs), list(after.inputs));
  }
  return {};
}

// How much two parts of different names look like one; 0 for not enough.
int likeness(const Part& before, const Part& after) {
  if (before.what != after.what || differ(before.kind, after.kind)) return 0;
  const bool inputs = before.inputs == after.inputs;
  const bool steps = before.steps == after.steps;
  const bool outputs = before.outputs == after.outputs;
  if (!inputs && !(steps && outputs)) return 0;
  return 4 * inputs + 2 * steps + outputs;
}

class Planner {
 public:
  Planner(const SavedTopology& before, const SavedTopology& after)
      : before_(parts_of(before)), after_(parts_of(after)) {}

  std::vector<PlannedFate> run() {
    pair_by_name();
    pair_by_likeness();
    std::vector<PlannedFate> fates;
    for (const Part& part : before_) fates.push_back(fate_of(part));
    for (const Part& part : after_) {
      if (!taken_.contains(&part)) fates.push_back({.fate = Fate::kNew, .what = part.what, .name = part.name});
    }
    return fates;
  }

 private:
  void pair(const Part& before, const Part& after) {
    successor_[&before] = &after;
    taken_.insert(&after);
  }

  void pair_by_name() {
    for (const Part& before : before_) {
      for (const Part& after : after_) {
        if (before.what == after.what && before.name == after.name) pair(before, after);
      }
    }
  }

  // The best pair first; among equals the one that comes first.
  void pair_by_likeness() {
    for (;;) {
      int best = 0;
      std::pair<const Part*, const Part*> found;
      for (const Part& before : before_) {
        if (successor_.contains(&before)) continue;
        for (const Part& after : after_) {
          if (taken_.contains(&after) || likeness(before, after) <= best) continue;
          best = likeness(before, after);
          found = {&before, &after};
        }
      }
      if (best == 0) return;
      pair(*found.first, *found.second);
    }
  }

  PlannedFate fate_of(const Part& part) const {
    PlannedFate fate = {.what = part.what, .name = part.name};
    const auto successor = successor_.find(&part);
    if (successor == successor_.end()) {
      fate.fate = Fate::kOrphaned;
      return fate;
    }
    const Part& after = *successor->second;
    if (after.name != part.name) {
      fate.fate = Fate::kRenamed;
      fate.reason = "is called " + after.name + " now, and begins empty";
    } else if (const auto reason = reason_to_rebuild(part, after)) {
      fate.fate = Fate::kRebuilt;
      fate.reason = *reason;
    } else {
      fate.reason = what_changed(part, after);
    }
    return fate;
  }

  const std::vector<Part> before_;
  const std::vector<Part> after_;
  std::map<const Part*, const Part*> successor_ = {};
  std::set<const Part*> taken_ = {};
};

}  // namespace

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::kKept:
      return "kept";
    case Fate::kRenamed:
      return "renamed";
    case Fate::kRebuilt:
      return "rebuilt";
    case Fate::kOrphaned:
      return "orphaned";
    case Fate::kNew:
      return "new";
  }
  return "";
}

std::vector<PlannedFate> plan(const SavedTopology& before, const SavedTopology& after) {
  return Planner(before, after).run();
}

std::string to_line(const PlannedFate& fate) {
  const std::string reason = fate.reason.empty() ? "" : ": " + fate.reason;
  return fmt::format("{:<9} {} {}{}", to_string(fate.fate), fate.what, fate.name, reason);
}

}  // namespace levada
