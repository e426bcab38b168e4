// How long each input of a task may be silent before time goes on without it.
//
//   set_idle_timeouts({.by_default = 10s, .commit_interval = 30s}, topology, absl::MakeSpan(plan.inputs));
//
// A source has its own timeout or the default. A repartition topic has the longest of the sources that it is fed from,
// and the commit interval, since that is how long records may be held back on their way; none, if one of these has
// none.
#pragma once

#include <optional>

#include <absl/types/span.h>

#include <levada/core/time.h>
#include <levada/core/topology.h>
#include <levada/runtime/task.h>

namespace levada {

struct IdleTimeouts {
  std::optional<Duration> by_default = std::nullopt;
  Duration commit_interval = Duration(0);
};

void set_idle_timeouts(const IdleTimeouts& timeouts, const Topology& topology, absl::Span<TaskInput> inputs);

}  // namespace levada
