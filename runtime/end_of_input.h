// Tells when a group has processed and committed everything that stood in its input at some moment, and all that this
// caused downstream: for runs that are to end by themselves.
//
//   RETURN_IF_ERROR(end.note_inputs());          // before the first record is processed
//   while (!end.reached().value()) …             // asks the cluster each time
//
// Used by one thread. It looks at the group, not at this process: other instances may do a part of the work.
#pragma once

#include <map>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/runtime/admin.h>
#include <levada/runtime/application_plan.h>

namespace levada {

class EndOfInput {
 public:
  // Both outlive it.
  EndOfInput(std::string application_id, const ApplicationPlan& plan, Admin& admin);

  absl::Status note_inputs();
  absl::StatusOr<bool> reached();

 private:
  using Ends = std::map<TopicPartition, Offset>;

  absl::StatusOr<Ends> ends_of(bool internal);
  absl::StatusOr<bool> committed_up_to(const Ends& ends);

  std::string application_id_;
  const ApplicationPlan& plan_;
  Admin& admin_;
  Ends inputs_ = {};
  bool inputs_done_ = false;
  Ends internal_ = {};  // what the group had still to do downstream when it was last looked at
};

}  // namespace levada
