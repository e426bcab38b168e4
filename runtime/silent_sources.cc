#include <algorithm>

#include <levada/runtime/silent_sources.h>

namespace levada {

void SilentSources::add(PartitionInput& input, Node& node, std::optional<Duration> timeout) {
  sources_.push_back({&input, &node, timeout});
  any_ = any_ || timeout.has_value();
}

Timestamp SilentSources::stream_time(Timestamp of_records) {
  Duration passed = Duration::max();
  for (const Source& source : sources_) {
    if (!is_silent(source)) return of_records;
    passed = std::min(passed, source.input->silence(clock_) - *source.timeout);
  }
  return of_records + passed;
}

bool SilentSources::tell_of_limit() {
  bool any = false;
  for (const Source& source : sources_) any = source.node->advance_time(kNoTimestamp) || any;
  return any;
}

bool SilentSources::tell(Timestamp stream_time) {
  bool any = false;
  for (const Source& source : sources_) {
    if (is_silent(source)) any = source.node->advance_time(stream_time) || any;
  }
  return any;
}

}  // namespace levada
