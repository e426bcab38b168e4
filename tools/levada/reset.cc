#include "tools/levada/reset.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/state/file_lock.h>
#include <levada/state/private_directory.h>

#include "tools/levada/table.h"
#include "tools/levada/topology_file.h"

namespace levada {
namespace {

using Names = std::vector<std::string>;

class Planner {
 public:
  Planner(const ResetRequest& request, Admin& admin, Duration timeout)
      : request_(request), admin_(admin), timeout_(timeout), plan_{.application_id = request.application_id} {}

  absl::StatusOr<ResetPlan> run() {
    LEVADA_ASSIGN_OR_RETURN(GroupDescription group, admin_.describe_group(request_.application_id, timeout_));
    plan_.members = std::move(group.members);
    LEVADA_ASSIGN_OR_RETURN(const Names existing, admin_.list_topics(timeout_));
    existing_.insert(existing.begin(), existing.end());
    LEVADA_ASSIGN_OR_RETURN(const auto offsets, admin_.all_committed(request_.application_id, timeout_));
    for (const CommittedOffset& each : offsets) committed_[each.partition] = each.offset;
    LEVADA_RETURN_IF_ERROR(plan_topics());
    LEVADA_RETURN_IF_ERROR(plan_offsets());
    plan_directory();
    return std::move(plan_);
  }

 private:
  absl::Status plan_topics() {
    if (request_.internal_topics) {
      for (const std::string& topic : *request_.internal_topics) LEVADA_RETURN_IF_ERROR(add_named_topic(topic));
      return absl::OkStatus();
    }
    if (request_.topology) {
      for (const std::string& topic : internal_topics(*request_.topology, request_.application_id)) {
        if (existing_.contains(topic)) plan_.topics.push_back(topic);
      }
      return absl::OkStatus();
    }
    for (const std::string& topic : existing_) {
      if (is_internal_topic(topic, request_.application_id)) LEVADA_RETURN_IF_ERROR(add_found_topic(topic));
    }
    return absl::OkStatus();
  }

  absl::Status add_named_topic(const std::string& topic) {
    if (!existing_.contains(topic)) return absl::NotFoundError(fmt::format("internal topic {} does not exist", topic));
    if (!is_internal_topic(topic, request_.application_id)) {
      return absl::InvalidArgumentError(
          fmt::format("topic {} is no internal topic of application {}", topic, request_.application_id));
    }
    plan_.topics.push_back(topic);
    return absl::OkStatus();
  }

  // "orders-eu-counts-changelog" has a name as of "orders", and may be of "orders-eu".
  absl::Status add_found_topic(const std::string& topic) {
    for (auto at = topic.find('-', request_.application_id.size() + 1); at != std::string::npos;
         at = topic.find('-', at + 1)) {
      const std::string other = topic.substr(0, at);
      LEVADA_ASSIGN_OR_RETURN(const bool known, is_application(other));
      if (!known) continue;
      plan_.left_alone.push_back(fmt::format(
          "topic {}: may belong to application {}, whose group exists; if not, name it by --internal-topics", topic,
          other));
      return absl::OkStatus();
    }
    plan_.topics.push_back(topic);
    return absl::OkStatus();
  }

  absl::StatusOr<bool> is_application(const std::string& group) {
    if (const auto known = applications_.find(group); known != applications_.end()) return known->second;
    LEVADA_ASSIGN_OR_RETURN(const GroupDescription description, admin_.describe_group(group, timeout_));
    return applications_[group] = description.state != "Dead";
  }

  absl::StatusOr<Names> inputs() const {
    if (request_.input_topics) {
      for (const std::string& topic : *request_.input_topics) {
        if (!existing_.contains(topic)) return absl::NotFoundError(fmt::format("input topic {} does not exist", topic));
      }
      return *request_.input_topics;
    }
    std::set<std::string> found;
    if (request_.topology) {
      const Names read = input_topics(*request_.topology);
      found.insert(read.begin(), read.end());
    }
    for (const auto& [partition, offset] : committed_) found.insert(partition.topic);
    std::erase_if(found, [&](const std::string& topic) {
      return !existing_.contains(topic) || is_internal_topic(topic, request_.application_id);
    });
    return Names(found.begin(), found.end());
  }

  absl::Status plan_offsets() {
    LEVADA_ASSIGN_OR_RETURN(const Names topics, inputs());
    LEVADA_ASSIGN_OR_RETURN(const auto counts, admin_.describe_topics(topics, timeout_));
    for (const auto& [topic, partitions] : counts) {
      for (Partition partition = 0; partition < partitions; ++partition) {
        LEVADA_RETURN_IF_ERROR(plan_offset({topic, partition}));
      }
    }
    return absl::OkStatus();
  }

  absl::Status plan_offset(const TopicPartition& where) {
    OffsetChange change = {.partition = where};
    if (const auto found = committed_.find(where); found != committed_.end()) change.before = found->second;
    if (request_.target.kind == ResetTarget::Kind::kShift && !change.before) {
      plan_.left_alone.push_back(fmt::format("{}: nothing is committed that could be shifted", where.to_string()));
      return absl::OkStatus();
    }
    LEVADA_ASSIGN_OR_RETURN(const OffsetRange range, admin_.offsets(where, timeout_));
    LEVADA_ASSIGN_OR_RETURN(const Offset wanted, target_of(change, range));
    change.after = std::clamp(wanted, range.begin, range.end);
    if (wanted < range.begin) change.note = fmt::format("{} is before the beginning of the log", wanted);
    if (wanted > range.end) change.note = fmt::format("{} is past the end of the log", wanted);
    plan_.offsets.push_back(std::move(change));
    return absl::OkStatus();
  }

  absl::StatusOr<Offset> target_of(const OffsetChange& change, const OffsetRange& range) const {
    const ResetTarget& target = request_.target;
    switch (target.kind) {
      case ResetTarget::Kind::kEarliest:
        return range.begin;
      case ResetTarget::Kind::kLatest:
        return range.end;
      case ResetTarget::Kind::kTime:
        return admin_.offset_at(change.partition, target.time, timeout_);
      case ResetTarget::Kind::kOffset:
        return target.offset;
      case ResetTarget::Kind::kShift:
        break;
    }
    return *change.before + target.offset;
  }

  void plan_directory() {
    if (!request_.state_dir) {
      plan_.left_alone.push_back("stores on disk: remove them on each machine, by --state-dir there");
      return;
    }
    const std::filesystem::path directory = *request_.state_dir / request_.application_id;
    std::error_code ignored;
    if (std::filesystem::is_directory(directory, ignored)) {
      plan_.directory = directory;
    } else {
      plan_.left_alone.push_back(fmt::format("directory {}: is not there", directory.string()));
    }
  }

  const ResetRequest& request_;
  Admin& admin_;
  const Duration timeout_;
  ResetPlan plan_;
  std::set<std::string> existing_ = {};
  std::map<TopicPartition, Offset> committed_ = {};
  std::map<std::string, bool> applications_ = {};
};

// Deletion is only announced when the broker answers.
absl::Status wait_until_gone(const Names& topics, Admin& admin, Duration timeout) {
  constexpr std::chrono::milliseconds kPause(50);
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (true) {
    LEVADA_ASSIGN_OR_RETURN(const auto left, admin.describe_topics(topics, timeout));
    if (left.empty()) return absl::OkStatus();
    if (std::chrono::steady_clock::now() > deadline) {
      return absl::DeadlineExceededError(fmt::format("topic {}: deleted, and still there", left.begin()->first));
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

// Kafka Streams' own rule.
bool is_internal_topic(const std::string& topic, const std::string& application_id) {
  constexpr std::array<std::string_view, 4> kEnds = {"-changelog", "-repartition", "-subscription-registration-topic",
                                                     "-subscription-response-topic"};
  if (!topic.starts_with(application_id + "-")) return false;
  if (std::ranges::any_of(kEnds, [&](std::string_view end) { return topic.ends_with(end); })) return true;
  const bool foreign_key = topic.find("-KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-") != std::string::npos ||
                           topic.find("-KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-") != std::string::npos;
  return foreign_key && topic.ends_with("-topic");
}

absl::StatusOr<ResetPlan> plan_reset(const ResetRequest& request, Admin& admin, Duration timeout) {
  return Planner(request, admin, timeout).run();
}

std::string to_text(const ResetPlan& plan) {
  std::string text = fmt::format("offsets of group {}:\n", plan.application_id);
  Table offsets({"  TOPIC", "PARTITION", "NOW", "NEW", "NOTE"});
  for (const OffsetChange& each : plan.offsets) {
    offsets.add({"  " + each.partition.topic, std::to_string(each.partition.partition),
                 each.before ? std::to_string(*each.before) : "-", std::to_string(each.after), each.note});
  }
  text += offsets.empty() ? "  none\n" : offsets.text();
  text += "topics to be deleted, with all that is in them:\n";
  for (const std::string& topic : plan.topics) text += "  " + topic + '\n';
  if (plan.topics.empty()) text += "  none\n";
  if (plan.directory) text += fmt::format("directory to be removed:\n  {}\n", plan.directory->string());
  if (!plan.left_alone.empty()) text += "left alone:\n";
  for (const std::string& each : plan.left_alone) text += "  " + each + '\n';
  return text;
}

absl::Status carry_out(const ResetPlan& plan, Admin& admin, Duration timeout) {
  std::optional<FileLock> directory;  // that of an instance which is no member of the group is not taken from it
  if (plan.directory) {
    LEVADA_ASSIGN_OR_RETURN(directory, lock_directory(*plan.directory));
  }
  std::vector<CommittedOffset> offsets;
  for (const OffsetChange& each : plan.offsets) {
    offsets.push_back({.partition = each.partition, .offset = each.after});
  }
  if (!offsets.empty()) LEVADA_RETURN_IF_ERROR(admin.set_committed(plan.application_id, offsets, timeout));
  if (!plan.topics.empty()) {
    LEVADA_RETURN_IF_ERROR(admin.delete_topics(plan.topics, timeout));
    LEVADA_RETURN_IF_ERROR(wait_until_gone(plan.topics, admin, timeout));
  }
  return plan.directory ? remove_directory(*plan.directory) : absl::OkStatus();
}

}  // namespace levada
