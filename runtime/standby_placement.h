// Where the standbys of tasks stand: with the member to which `range` would give the task if the process that has it
// went. Every member computes the same from the description of the group, so that nobody has to be told.
//
//   const StandbyPlacement all = place_standbys(plan, description.members, 1);
//   const std::set<TaskId>& mine = all.at(my_member_id);
//
// A process never has a task and a standby of it, nor two standbys of it: its members share one state directory. The
// next standby of a task stands where it would go if the process of the one before went, too.
//
// Where all processes have equally many threads, one standby is enough for whichever single process or thread goes: a
// task that `range` moves then, even one whose owner stays, finds its standby where it comes to.
//
// Pure functions.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <levada/runtime/admin.h>
#include <levada/runtime/application_plan.h>
#include <levada/runtime/task_id.h>

namespace levada {

// By member id; members without a standby are absent.
using StandbyPlacement = std::map<std::string, std::set<TaskId>>;

// `members` as the group is described while it is stable. Fewer processes than replicas have fewer standbys.
StandbyPlacement place_standbys(const ApplicationPlan& plan, const std::vector<GroupMember>& members, int replicas);

// The process a member is a thread of: its instance id, or its client id, without the number of the thread.
std::string process_of(const GroupMember& member);

}  // namespace levada
