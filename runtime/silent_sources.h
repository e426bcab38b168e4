// What becomes of time when nothing comes: a source that has been silent for its idle timeout takes on the stream time
// of its task; and where all sources of a task have been, stream time goes on with the clock, from where the last
// record left it. What comes no later than the timeout is never late by that.
//
//   sources.add(input, node, 10s);
//   const Timestamp time = sources.stream_time(time_of_last_record);
//   if (sources.tell(time)) …                          // windows have closed
//
// Only what has been read to the end of its log is silent: a replay is not, however slow, until it has seen everything.
// Owned by a task; used on its thread.
#pragma once

#include <optional>
#include <vector>

#include <levada/core/node.h>
#include <levada/core/time.h>
#include <levada/runtime/partition_input.h>

namespace levada {

class SilentSources {
 public:
  // Outlives it.
  explicit SilentSources(const Clock& clock) : clock_(clock) {}

  // Both outlive it. Without a timeout it is never silent.
  void add(PartitionInput& input, Node& node, std::optional<Duration> timeout);
  // No source is ever silent.
  bool empty() const { return !any_; }

  // How far stream time has come, if the latest record was of that time.
  Timestamp stream_time(Timestamp of_records);
  // Tells the nodes below silent sources. True if anything was waiting for it.
  bool tell(Timestamp stream_time);
  // The limit of time has risen, whoever is silent (Node::advance_time). True if anything was waiting for it.
  bool tell_of_limit();
  void end() {
    for (const Source& source : sources_) source.input->end_silence();
  }

 private:
  struct Source {
    PartitionInput* input;
    Node* node;
    std::optional<Duration> timeout;
  };

  bool is_silent(const Source& source) const {
    return source.timeout && source.input->silent_for(*source.timeout, clock_);
  }

  const Clock& clock_;
  std::vector<Source> sources_ = {};
  bool any_ = false;
};

}  // namespace levada
