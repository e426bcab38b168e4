#include "tools/levada/member_removal.h"

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <levada/core/status_macros.h>

namespace levada {
namespace {

using Instant = std::chrono::steady_clock::time_point;

constexpr Duration kPause(100);
constexpr const char* kShortestSession = "6000";  // a broker's default for group.min.session.timeout.ms

// Joins under the instance id of a member, and reads nothing.
class Successor final : public RebalanceListener, private RecordHandler {
 public:
  explicit Successor(std::unique_ptr<Consumer> consumer) : consumer_(std::move(consumer)) {}

  absl::Status join(const std::string& topic, Instant deadline) {
    LEVADA_RETURN_IF_ERROR(consumer_->subscribe({topic}, *this));
    while (!joined_ && std::chrono::steady_clock::now() < deadline) {
      LEVADA_RETURN_IF_ERROR(consumer_->poll(kPause, 0, *this));
    }
    return absl::OkStatus();
  }

 private:
  void on_assigned(const std::vector<TopicPartition>& /*partitions*/) override { joined_ = true; }
  void on_revoked(const std::vector<TopicPartition>& /*partitions*/) override {}
  void on_lost(const std::vector<TopicPartition>& /*partitions*/) override {}
  void on_record(std::size_t /*tag*/, const LogRecord& /*record*/) override {}
  void on_end_of_partition(std::size_t /*tag*/, Offset /*next*/) override {}

  std::unique_ptr<Consumer> consumer_;
  bool joined_ = false;
};

std::vector<std::string> names_of(const std::vector<GroupMember>& members) {
  std::vector<std::string> names;
  for (const GroupMember& member : members) {
    names.push_back(member.instance_id.empty() ? member.member_id : member.instance_id);
  }
  return names;
}

// What its members read; nobody can join without a topic.
std::string topic_of(const GroupDescription& group) {
  for (const GroupMember& member : group.members) {
    if (!member.assignment.empty()) return member.assignment.front().topic;
  }
  return {};
}

}  // namespace

absl::Status remove_members(const std::string& group, Duration patience, const Connection& connection) {
  const Instant deadline = std::chrono::steady_clock::now() + patience;
  LEVADA_ASSIGN_OR_RETURN(GroupDescription description, connection.admin().describe_group(group, connection.timeout()));
  const std::string topic = topic_of(description);
  for (const GroupMember& member : description.members) {
    if (member.instance_id.empty() || topic.empty()) continue;  // it is waited for
    ClientProperties properties = connection.config().client_properties(ClientRole::kRestoreConsumer);
    properties.insert(
        properties.end(),
        {{"group.id", group}, {"group.instance.id", member.instance_id}, {"session.timeout.ms", kShortestSession}});
    LEVADA_ASSIGN_OR_RETURN(auto consumer, connection.cluster().consumer(properties));
    LEVADA_RETURN_IF_ERROR(Successor(std::move(consumer)).join(topic, deadline));
  }
  while (!description.members.empty()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return absl::FailedPreconditionError(fmt::format("group {}: still has members ({}): stop their instances", group,
                                                       fmt::join(names_of(description.members), ", ")));
    }
    std::this_thread::sleep_for(kPause);
    LEVADA_ASSIGN_OR_RETURN(description, connection.admin().describe_group(group, connection.timeout()));
  }
  return absl::OkStatus();
}

}  // namespace levada
