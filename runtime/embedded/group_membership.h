// Who belongs to a consumer group and reads what: the coordinator's side of Kafka's classic group protocol. A rebalance
// begins when a member comes, goes, is given up or subscribes anew; it ends, with a new generation, when every member
// has joined again. The coordinator runs the `range` assignor itself, so a generation that is complete is stable.
//
//   membership.join({.member_id = "m-1", .topics = {"orders"}, .session_timeout = 45s}, now);
//   membership.assignment_of("m-1")->partitions;            // once everybody has joined
//
// Guarded by the broker's mutex.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <levada/core/time.h>
#include <levada/runtime/admin.h>
#include <levada/runtime/embedded/topics.h>

namespace levada::internal::embedded {

using SteadyTime = std::chrono::steady_clock::time_point;

// How the group sees one who claims to be a member.
enum class MemberStanding {
  kCurrent,
  kRebalancing,  // must give back what it has and join again
  kUnknown,      // was given up: its session expired
  kFenced,       // another member took over its instance id
};

struct GroupJoin {
  std::string member_id = {};  // the coordinator's choice for a new member
  std::string client_id = {};
  std::string instance_id = {};  // empty for a dynamic member
  std::vector<std::string> topics = {};
  Duration session_timeout = {};
};

struct GroupAssignment {
  std::int32_t generation = -1;
  std::vector<TopicPartition> partitions = {};
};

class GroupMembership {
 public:
  explicit GroupMembership(const Topics& topics) : topics_(topics) {}

  // A new member. One whose instance id is known takes the place of its predecessor, without a rebalance if it asks
  // for the same topics.
  void add(const GroupJoin& join, SteadyTime now);
  // A member that is known joins the next generation.
  MemberStanding rejoin(const GroupJoin& join, SteadyTime now);
  // Prolongs the session.
  MemberStanding heartbeat(const GroupMetadata& who, SteadyTime now);
  MemberStanding standing(const std::string& member_id, const std::string& instance_id) const;
  // What the member may read; nothing while a rebalance is under way.
  std::optional<GroupAssignment> assignment_of(const std::string& member_id) const;
  void leave(const std::string& member_id);

  void expire(SteadyTime now);
  std::optional<SteadyTime> next_deadline() const;
  void on_topic_changed(const std::string& topic);

  bool empty() const { return members_.empty(); }
  std::int32_t generation() const { return generation_; }
  GroupDescription describe() const;

 private:
  struct Member {
    GroupJoin joined_as = {};
    SteadyTime deadline = {};
    bool joined = false;  // the generation that is being made
    std::vector<TopicPartition> assignment = {};
  };

  void replace_static(const std::string& predecessor, const GroupJoin& join, SteadyTime now);
  void begin_rebalance();
  void complete_rebalance_if_all_joined();
  void remove(const std::string& member_id);

  const Topics& topics_;
  std::map<std::string, Member> members_;
  std::map<std::string, std::string> static_members_;  // instance id → member id
  std::int32_t generation_ = 0;
  bool rebalancing_ = false;
};

}  // namespace levada::internal::embedded
