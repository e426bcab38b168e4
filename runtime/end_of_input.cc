#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include <levada/core/status_macros.h>
#include <levada/runtime/end_of_input.h>

namespace levada {
namespace {

constexpr Duration kTimeout = std::chrono::seconds(10);

}  // namespace

EndOfInput::EndOfInput(std::string application_id, const ApplicationPlan& plan, Admin& admin)
    : application_id_(std::move(application_id)), plan_(plan), admin_(admin) {}

absl::Status EndOfInput::note_inputs() {
  LEVADA_ASSIGN_OR_RETURN(inputs_, ends_of(false));
  return absl::OkStatus();
}

absl::StatusOr<bool> EndOfInput::reached() {
  if (!inputs_done_) {
    LEVADA_ASSIGN_OR_RETURN(inputs_done_, committed_up_to(inputs_));
    if (!inputs_done_) return false;
  }
  // What is committed downstream may have caused more further down: done when nothing was added since the last look.
  LEVADA_ASSIGN_OR_RETURN(const bool done, committed_up_to(internal_));
  if (!done) return false;
  LEVADA_ASSIGN_OR_RETURN(Ends now, ends_of(true));
  if (now == internal_) return true;
  internal_ = std::move(now);
  return committed_up_to(internal_);
}

absl::StatusOr<EndOfInput::Ends> EndOfInput::ends_of(bool internal) {
  Ends ends;
  for (const auto& part : plan_.sub_topologies()) {
    for (const SourceTopic& topic : part.sources) {
      if (topic.internal != internal) continue;
      for (Partition partition = 0; partition < topic.partitions; ++partition) {
        const TopicPartition where{topic.name, partition};
        LEVADA_ASSIGN_OR_RETURN(const OffsetRange range, admin_.offsets(where, kTimeout));
        if (range.end > range.begin) ends[where] = range.end;
      }
    }
  }
  return ends;
}

absl::StatusOr<bool> EndOfInput::committed_up_to(const Ends& ends) {
  if (ends.empty()) return true;
  std::vector<TopicPartition> partitions;
  for (const auto& [partition, end] : ends) partitions.push_back(partition);
  LEVADA_ASSIGN_OR_RETURN(const std::vector<CommittedOffset> committed,
                          admin_.committed(application_id_, partitions, kTimeout));
  return std::ranges::all_of(committed,
                             [&](const CommittedOffset& offset) { return offset.offset >= ends.at(offset.partition); });
}

}  // namespace levada
