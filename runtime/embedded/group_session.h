// A consumer's side of group membership: joins, keeps the session alive, and says what the application must be told.
//
//   GroupSession session(settings);
//   session.subscribe({"orders"});
//   absl::StatusOr<GroupEvent> event = session.advance(access);   // again and again; tell the event without the lock
//
// Owned by a consumer, used by its thread.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/runtime/embedded/broker.h>
#include <levada/runtime/embedded/client_settings.h>

namespace levada::internal::embedded {

struct GroupEvent {
  enum class Kind { kNone, kAssigned, kRevoked, kLost };
  Kind kind = Kind::kNone;
  std::vector<TopicPartition> partitions = {};
};

class GroupSession {
 public:
  explicit GroupSession(const ClientSettings& settings);

  void subscribe(const std::vector<std::string>& topics);

  // One step. After kRevoked and kLost the next step joins again. kFailedPrecondition: fenced, for good. kNotFound,
  // once for each: a topic of the subscription that does not exist.
  absl::StatusOr<GroupEvent> advance(BrokerAccess& access);

  // Prolongs the session outside of advance().
  void heartbeat(BrokerAccess& access);
  // A dynamic member leaves at once; a static one keeps its place until its session expires.
  void leave(BrokerAccess& access);

  const GroupMetadata& metadata() const { return metadata_; }
  absl::Status fenced() const;

 private:
  enum class State { kUnsubscribed, kOutside, kJoining, kMember, kFenced };

  GroupEvent check_membership(BrokerAccess& access);
  GroupEvent await_assignment(BrokerAccess& access);
  void join(BrokerAccess& access);
  GroupEvent give_up(GroupEvent::Kind kind);
  absl::Status report_missing_topics(const Topics& topics);

  const ClientSettings& settings_;
  State state_ = State::kUnsubscribed;
  bool subscription_changed_ = false;
  std::vector<std::string> topics_;
  std::set<std::string> reported_missing_;
  std::vector<TopicPartition> owned_;
  GroupMetadata metadata_;
};

}  // namespace levada::internal::embedded
