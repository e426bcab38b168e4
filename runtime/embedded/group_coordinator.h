// All consumer groups of an embedded cluster: their members and the offsets they have committed.
//
//   std::string member_id = groups.join("app", join, now).member_id;
//   groups.commit({.group_id = "app", .generation = 1, .member_id = member_id}, {{{"orders", 0}, 42, "metadata"}});
//
// Deterministic: member ids come from a counter. Guarded by the broker's mutex.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/types/span.h>

#include <levada/runtime/embedded/group_membership.h>

namespace levada::internal::embedded {

class GroupCoordinator {
 public:
  explicit GroupCoordinator(const Topics& topics) : topics_(topics) {}

  struct JoinAnswer {
    MemberStanding standing = MemberStanding::kCurrent;
    std::string member_id = {};
  };
  // A join without a member id makes a new member.
  JoinAnswer join(const std::string& group_id, GroupJoin join, SteadyTime now);
  MemberStanding heartbeat(const GroupMetadata& who, SteadyTime now);
  std::optional<GroupAssignment> assignment_of(const GroupMetadata& who) const;
  void leave(const GroupMetadata& who);

  // kFailedPrecondition: not a member, or not of this generation. kNotFound: no such partition.
  absl::Status commit(const GroupMetadata& who, absl::Span<const CommittedOffset> offsets);
  // The same, but kept back until end_transaction().
  absl::Status commit_in_transaction(ProducerId producer, const GroupMetadata& who,
                                     absl::Span<const CommittedOffset> offsets);
  void end_transaction(ProducerId producer, TransactionResult result);

  std::vector<CommittedOffset> committed(const std::string& group_id,
                                         absl::Span<const TopicPartition> partitions) const;
  std::vector<CommittedOffset> all_committed(const std::string& group_id) const;
  // Whether a transaction is about to change one of these offsets.
  bool awaits_transaction(const std::string& group_id, absl::Span<const TopicPartition> partitions) const;

  GroupDescription describe(const std::string& group_id) const;
  absl::Status remove(const std::string& group_id);  // kNotFound; kFailedPrecondition while it has members

  void expire(SteadyTime now);
  std::optional<SteadyTime> next_deadline() const;
  void on_topic_created(const std::string& topic);
  void on_topic_deleted(const std::string& topic);  // also forgets its offsets

 private:
  struct Value {
    Offset offset = kUnknownOffset;
    std::string metadata = {};
  };
  using Offsets = std::map<TopicPartition, Value>;
  struct Group {
    explicit Group(const Topics& topics) : membership(topics) {}
    GroupMembership membership;
    Offsets offsets = {};
    std::map<ProducerId, Offsets> in_transaction = {};
  };

  Group& group(const std::string& group_id);
  const Group* find(const std::string& group_id) const;
  absl::Status check_commit(const GroupMetadata& who, absl::Span<const CommittedOffset> offsets) const;
  absl::Status check_membership(const GroupMetadata& who) const;

  const Topics& topics_;
  std::map<std::string, Group> groups_;
  std::int64_t members_made_ = 0;
};

}  // namespace levada::internal::embedded
