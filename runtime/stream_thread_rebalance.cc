// The thread as a member of its group: what it is given, and what is taken from it.

#include <algorithm>

#include <levada/core/status_macros.h>
#include <levada/runtime/stream_thread.h>

namespace levada {

absl::Status StreamThread::subscribe() {
  const std::vector<std::string> topics = plan_->source_topics();
  return topics.empty() ? absl::OkStatus() : consumer_->subscribe(topics, *this);
}

// All tasks begin anew with the topics there are now, when the group has shared them out.
absl::Status StreamThread::take_new_plan() {
  if (environment_.plans == nullptr || &environment_.plans->newest() == plan_) return absl::OkStatus();
  const absl::Status committed = commit(true);
  if (!committed.ok()) {
    environment_.log.warn("could not commit before topics change", {{"reason", committed.message()}});
    commit_patience_.forget();
    give_up_uncommitted();
  }
  tasks_.close();
  assigned_.reset();
  plan_ = &environment_.plans->newest();
  tasks_.set_plan(*plan_);
  if (standbys_) standbys_->set_plan(*plan_);
  if (settings_.keeps_partitions) assigned_ = plan_->tasks_of(partitions_);
  return subscribe();
}

void StreamThread::take_assigned() {
  if (!assigned_) return;
  tasks_.assign(*assigned_);
  if (standbys_) standbys_->assigned(*assigned_);
  assigned_.reset();
}

void StreamThread::on_assigned(const std::vector<TopicPartition>& partitions) {
  take_assigned();
  partitions_ = partitions;
  assigned_ = plan_->tasks_of(partitions);
  if (state() != ThreadState::kPendingShutdown) set_state(ThreadState::kPartitionsAssigned);
}

void StreamThread::on_revoked(const std::vector<TopicPartition>& partitions) {
  // Several rebalances may happen in one poll. What the last one gave to others must not stay here: they change it.
  take_assigned();
  std::erase_if(partitions_, [&](const auto& each) { return std::ranges::count(partitions, each) > 0; });
  if (state() == ThreadState::kPendingShutdown) return;
  const absl::Status committed = commit(true);
  if (committed.ok() && partitions_.empty()) {
    tasks_.suspend();
  } else if (committed.ok()) {
    tasks_.assign(plan_->tasks_of(partitions_));  // nobody else has had what stays
  } else {
    // What others will do again must not stay in these stores.
    environment_.log.warn("could not commit before a rebalance", {{"reason", committed.message()}});
    tasks_.close();
    commit_patience_.forget();
    if (!is_done_again(committed) && !Patience::may_pass(committed)) rebalance_error_ = committed;
    give_up_uncommitted();
  }
  set_state(ThreadState::kPartitionsRevoked);
}

void StreamThread::on_lost(const std::vector<TopicPartition>&) {
  partitions_.clear();
  assigned_.reset();
  tasks_.close();
  commit_patience_.forget();
  give_up_uncommitted();
  if (state() != ThreadState::kPendingShutdown) set_state(ThreadState::kPartitionsRevoked);
}

}  // namespace levada
