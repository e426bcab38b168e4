#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/active_tasks.h>

namespace levada {
namespace {

constexpr Duration kRequestTimeout = std::chrono::seconds(5);
constexpr Duration kShortRequestTimeout = std::chrono::seconds(1);  // while other tasks wait for their turn
constexpr Duration kRestoreWait = std::chrono::milliseconds(5);
constexpr std::size_t kTasksARound = 8;

}  // namespace

ActiveTasks::ActiveTasks(ActiveTasksSettings settings, const ApplicationPlan& plan, const TaskEnvironment& environment,
                         MemoryBudget& budget, Restorer& restorer, Consumer& consumer, Logger log)
    : settings_(std::move(settings)),
      plan_(&plan),
      environment_(environment),
      budget_(budget),
      restorer_(restorer),
      consumer_(consumer),
      log_(std::move(log)) {}

ActiveTasks::~ActiveTasks() { close(); }

void ActiveTasks::assign(const std::vector<TaskId>& ids) {
  if (suspended_ && others_may_have_had_them()) close();
  const std::set<TaskId> wanted(ids.begin(), ids.end());
  const auto unwanted = [&wanted](const auto& entry) { return !wanted.contains(entry.first); };
  for (const auto& [id, task] : tasks_) {
    if (!wanted.contains(id)) restorer_.remove(id);
  }
  std::erase_if(tasks_, unwanted);
  std::erase_if(pending_, unwanted);
  std::erase_if(repaired_, [&wanted](const TaskId& id) { return !wanted.contains(id); });
  for (const TaskId& id : wanted) {
    if (!tasks_.contains(id)) add_pending(id);
  }
  suspended_ = false;
  changed();
}

void ActiveTasks::add_pending(const TaskId& id) {
  pending_.try_emplace(
      id, Pending{.patience = Patience("task " + id.to_string(), settings_.timeout, environment_.clock, log_)});
}

void ActiveTasks::adopt(std::unique_ptr<Task> task) {
  const auto pending = pending_.find(task->id());
  if (pending == pending_.end() || pending->second.phase != Phase::kToOpen) return;
  pending->second.phase = Phase::kToRestore;
  tasks_[pending->first] = std::move(task);
}

void ActiveTasks::suspend() {
  for (const auto& [id, task] : tasks_) task->suspend();
  suspended_ = true;
  suspended_as_ = consumer_.group_metadata();
  changed();
}

// Not between two generations that follow one another. But who has nothing is not told that it lost something: when its
// session expires before it is given an assignment, or the group goes on to the next generation.
bool ActiveTasks::others_may_have_had_them() const {
  const GroupMetadata now = consumer_.group_metadata();
  return now.member_id != suspended_as_.member_id || now.generation != suspended_as_.generation + 1;
}

void ActiveTasks::close() {
  for (const auto& [id, task] : tasks_) restorer_.remove(id);
  tasks_.clear();
  pending_.clear();
  changed();
}

void ActiveTasks::restart() {
  std::vector<TaskId> started;
  for (const auto& [id, task] : tasks_) {
    if (task->started()) started.push_back(id);
  }
  for (const TaskId& id : started) {
    tasks_.erase(id);
    add_pending(id);
  }
  changed();
}

std::size_t ActiveTasks::size() const {
  return tasks_.size() + static_cast<std::size_t>(std::ranges::count_if(
                             pending_, [](const auto& entry) { return entry.second.phase == Phase::kToOpen; }));
}

bool ActiveTasks::idle() const {
  return std::ranges::all_of(pending_, [this](const auto& entry) {
    const auto& [phase, patience] = entry.second;
    return phase == Phase::kRestoring ? restore_pauses() : suspended_ || patience.pausing();
  });
}

bool ActiveTasks::restore_pauses() const {
  return std::ranges::any_of(pending_, [](const auto& entry) {
    return entry.second.phase == Phase::kRestoring && entry.second.patience.pausing();
  });
}

absl::Status ActiveTasks::advance(bool busy) {
  if (!suspended_) LEVADA_RETURN_IF_ERROR(prepare_some());
  if (restorer_.restoring() && !restore_pauses()) LEVADA_RETURN_IF_ERROR(restore(busy));
  for (const TaskId& id : restorer_.take_restored()) pending_.at(id).phase = Phase::kToStart;
  return suspended_ ? absl::OkStatus() : start_restored();
}

// Several, since each time that tasks start the consumer is assigned anew, and fetches again what it had; no more than
// are opened at once, since each asks brokers, while others wait for their turn.
absl::Status ActiveTasks::prepare_some() {
  LEVADA_RETURN_IF_ERROR(open_next());
  std::size_t prepared = 0;
  for (auto& [id, pending] : pending_) {
    if (pending.phase != Phase::kToRestore || pending.patience.pausing()) continue;
    if (prepared++ == kTasksARound) break;
    const absl::Status status = prepare(id, pending);
    if (!status.ok()) return settle(id, status);
    pending.patience.succeeded();
  }
  return absl::OkStatus();
}

// To open a database is to wait for the disk, a dozen times where there is none yet: several do so together. It is the
// one thing that is done by other threads than the task's own, which waits here until they are gone.
absl::Status ActiveTasks::open_next() {
  std::vector<TaskId> ids;
  for (const auto& [id, pending] : pending_) {
    if (pending.phase == Phase::kToOpen && !pending.patience.pausing() && ids.size() < kTasksARound) ids.push_back(id);
  }
  const bool at_once = ids.size() > 1 && settings_.directory.has_value();
  std::vector<std::future<absl::StatusOr<std::unique_ptr<Task>>>> opening;
  for (const TaskId& id : ids) {
    opening.push_back(
        std::async(at_once ? std::launch::async : std::launch::deferred, [this, &id] { return open(id); }));
  }
  absl::Status settled;
  for (std::size_t i = 0; i < ids.size(); ++i) settled.Update(settle_opened(ids[i], opening[i].get()));
  return settled;
}

absl::Status ActiveTasks::settle_opened(const TaskId& id, absl::StatusOr<std::unique_ptr<Task>> opened) {
  if (!opened.ok()) return settle(id, opened.status());
  tasks_[id] = *std::move(opened);
  pending_.at(id).phase = Phase::kToRestore;
  return absl::OkStatus();
}

absl::Status ActiveTasks::prepare(const TaskId& id, Pending& pending) {
  LEVADA_ASSIGN_OR_RETURN(const std::vector<CommittedOffset> committed, restored_inputs(id));
  LEVADA_RETURN_IF_ERROR(restorer_.add(*tasks_.at(id), request_timeout(), committed));
  pending.phase = Phase::kRestoring;
  return absl::OkStatus();
}

// Where the group stands in the topics that stores are restored from. Under exactly-once in all inputs: whoever had the
// task before may have a transaction about to commit. This waits until that is decided, so that what it wrote to the
// changelogs stands below the end that is asked for next.
absl::StatusOr<std::vector<CommittedOffset>> ActiveTasks::restored_inputs(const TaskId& id) {
  const TaskPlan plan = plan_->task(id);
  std::vector<TopicPartition> partitions;
  for (const StoreSpec& store : plan.stores) {
    if (!store.source_topic.empty()) partitions.push_back({store.source_topic, id.partition});
  }
  if (settings_.exactly_once && !plan.stores.empty()) {
    for (const TaskInput& input : plan.inputs) {
      if (std::ranges::count(partitions, input.partition) == 0) partitions.push_back(input.partition);
    }
  }
  if (partitions.empty()) return std::vector<CommittedOffset>();
  return consumer_.committed(partitions, request_timeout());
}

absl::StatusOr<std::unique_ptr<Task>> ActiveTasks::open(const TaskId& id) const {
  TaskPlan plan = plan_->task(id);
  plan.default_timestamp_extractor = settings_.default_timestamp_extractor;
  plan.position_headers = settings_.position_headers;
  plan.max_task_idle = settings_.max_task_idle;
  plan.time_mark_interval = settings_.time_mark_interval;
  set_idle_timeouts(settings_.idle_timeouts, *plan.topology, absl::MakeSpan(plan.inputs));
  for (StoreSpec& store : plan.stores) store.caching = store.caching && settings_.caching;
  return Task::open(std::move(plan), environment_, directory_of(id), budget_);
}

absl::Status ActiveTasks::restore(bool busy) {
  LEVADA_RETURN_IF_ERROR(restorer_.step(busy ? Duration(0) : kRestoreWait));
  const std::map<TaskId, absl::Status> failed = restorer_.take_failed();
  for (const auto& [id, failure] : failed) LEVADA_RETURN_IF_ERROR(settle(id, failure));
  for (auto& [id, pending] : pending_) {
    if (pending.phase == Phase::kRestoring && !failed.contains(id)) pending.patience.succeeded();
  }
  return absl::OkStatus();
}

// Each that has started is noted at once: were it started again, because another one has failed, it would have its
// inputs twice.
absl::Status ActiveTasks::start_restored() {
  for (auto next = pending_.begin(); next != pending_.end();) {
    const auto current = next++;
    auto& [id, pending] = *current;
    if (pending.phase != Phase::kToStart || pending.patience.pausing()) continue;
    const absl::Status status = start(id, pending);
    if (!status.ok()) return settle(id, status);
    pending.patience.succeeded();
    pending_.erase(current);
    changed();
  }
  return absl::OkStatus();
}

absl::Status ActiveTasks::start(const TaskId& id, Pending& pending) {
  LEVADA_ASSIGN_OR_RETURN(const std::vector<CommittedOffset> offsets, starting_offsets(plan_->task(id)));
  Task& task = *tasks_.at(id);
  const absl::Status started = task.start();
  if (!started.ok()) {
    if (task.is_damaged() || !Patience::may_pass(started)) return started;
    tasks_.erase(id);  // half of its processors may have been made
    pending.phase = Phase::kToOpen;
    return started;
  }
  task.resume(offsets);
  return absl::OkStatus();
}

absl::Status ActiveTasks::settle(const TaskId& id, const absl::Status& failure) {
  if (absl::IsDataLoss(failure)) return repair(id, failure);
  return pending_.at(id).patience.bear(failure);
}

absl::Status ActiveTasks::repair_damaged(const absl::Status& failure) {
  std::vector<TaskId> damaged;
  for (const Task* task : running_) {
    if (task->is_damaged()) damaged.push_back(task->id());
  }
  if (damaged.empty()) return failure;
  for (const TaskId& id : damaged) LEVADA_RETURN_IF_ERROR(repair(id, failure));
  return absl::OkStatus();
}

absl::Status ActiveTasks::repair(TaskId id, const absl::Status& damage) {
  LEVADA_RETURN_IF_ERROR(check_repairable(id, damage));
  log_.warn("state is damaged and will be restored from its changelogs",
            {{"task", id.to_string()}, {"reason", damage.message()}});
  restorer_.remove(id);
  tasks_.erase(id);
  pending_.erase(id);
  add_pending(id);
  repaired_.insert(id);
  changed();
  return TaskState::destroy(*directory_of(id));
}

absl::Status ActiveTasks::destroy(const TaskId& id, const absl::Status& damage) const {
  LEVADA_RETURN_IF_ERROR(check_repairable(id, damage));
  return TaskState::destroy(*directory_of(id));
}

absl::Status ActiveTasks::check_repairable(const TaskId& id, const absl::Status& damage) const {
  const auto refuse = [&](std::string_view why) {
    return absl::DataLossError(fmt::format("task {}: {}: {}", id.to_string(), why, std::string(damage.message())));
  };
  if (!directory_of(id)) return damage;
  if (repaired_.contains(id)) return refuse("damaged again, before the first commit since it was restored");
  for (const StoreSpec& store : plan_->task(id).stores) {
    if (store.logging || !store.source_topic.empty() || store.engine != StoreEngine::kRocksDb) continue;
    return refuse(fmt::format("store {} cannot be restored, because it has no changelog; remove {} to begin without it",
                              store.name, directory_of(id)->string()));
  }
  return absl::OkStatus();
}

void ActiveTasks::committed(const std::vector<Task*>& tasks) {
  if (repaired_.empty()) return;
  for (const Task* task : tasks) repaired_.erase(task->id());
}

Duration ActiveTasks::request_timeout() const { return running_.empty() ? kRequestTimeout : kShortRequestTimeout; }

absl::StatusOr<std::vector<CommittedOffset>> ActiveTasks::starting_offsets(const TaskPlan& plan) {
  std::vector<TopicPartition> partitions;
  for (const TaskInput& input : plan.inputs) partitions.push_back(input.partition);
  LEVADA_ASSIGN_OR_RETURN(std::vector<CommittedOffset> offsets, consumer_.committed(partitions, request_timeout()));
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (offsets[i].offset != kUnknownOffset) continue;
    LEVADA_ASSIGN_OR_RETURN(offsets[i].offset, reset_offset(plan.inputs[i]));
  }
  return offsets;
}

absl::StatusOr<Offset> ActiveTasks::reset_offset(const TaskInput& input) {
  LEVADA_ASSIGN_OR_RETURN(const OffsetRange log, restorer_.offsets(input.partition, request_timeout()));
  const bool internal = input.partition.topic != input.topic_in_topology;
  if (internal) return log.begin;
  const AutoOffsetReset reset = input.reset.value_or(settings_.reset);
  switch (reset.strategy()) {
    case AutoOffsetReset::Strategy::kEarliest:
      return log.begin;
    case AutoOffsetReset::Strategy::kLatest:
      return log.end;
    case AutoOffsetReset::Strategy::kByDuration:
      return consumer_.offset_at(input.partition, environment_.clock.now() - reset.duration(), request_timeout());
    case AutoOffsetReset::Strategy::kNone:
      break;
  }
  return absl::OutOfRangeError(fmt::format("{}: the group has committed no offset, and {} says none",
                                           input.partition.to_string(),
                                           input.reset ? ".reset of the source" : "auto.offset.reset"));
}

std::optional<std::filesystem::path> ActiveTasks::directory_of(const TaskId& id) const {
  if (!settings_.directory) return std::nullopt;
  return *settings_.directory / id.to_string();
}

void ActiveTasks::changed() {
  running_.clear();
  inputs_.clear();  // what still arrives of them is dropped, and fetched again after assignments()
  for (const auto& [id, task] : tasks_) {
    if (task->started() && !suspended_) running_.push_back(task.get());
  }
  changed_ = true;
}

std::vector<Assignment> ActiveTasks::assignments() {
  inputs_.clear();
  fetched_.set_all();
  std::vector<Assignment> assignments;
  for (Task* task : running_) {
    for (std::size_t i = 0; i < task->inputs(); ++i) {
      PartitionInput& input = task->input(i);
      assignments.push_back({input.where(), input.fetch_position(), inputs_.size()});
      inputs_.push_back({task, &input});
    }
  }
  return assignments;
}

absl::Status ActiveTasks::choose_fetched(bool full, bool holds_back) {
  const auto which = fetched_.choose(full, holds_back);
  if (!which) return absl::OkStatus();
  return consumer_.assign(*which == FetchedInputs::Which::kAll ? assignments() : dry_assignments());
}

// With the tags of assignments().
std::vector<Assignment> ActiveTasks::dry_assignments() const {
  std::vector<Assignment> assignments;
  for (std::size_t tag = 0; tag < inputs_.size(); ++tag) {
    const PartitionInput& input = *inputs_[tag].input;
    if (input.buffered_records() == 0) assignments.push_back({input.where(), input.fetch_position(), tag});
  }
  return assignments;
}

void ActiveTasks::end_silence() {
  for (Task* task : running_) task->end_silence();
}

void ActiveTasks::note_ends() {
  for (const Input& each : inputs_) {
    PartitionInput& input = *each.input;
    if (input.at_end() || input.buffered_records() > 0) continue;
    const Offset end = consumer_.last_known_end(input.where());
    if (end != kUnknownOffset && input.fetch_position() >= end) input.reached_end(input.fetch_position());
  }
}

}  // namespace levada
