#include <chrono>
#include <utility>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/active_tasks.h>

namespace levada {
namespace {

constexpr Duration kRequestTimeout = std::chrono::seconds(30);
constexpr Duration kRestoreWait = std::chrono::milliseconds(20);

}  // namespace

ActiveTasks::ActiveTasks(ActiveTasksSettings settings, const ApplicationPlan& plan, const TaskEnvironment& environment,
                         MemoryBudget& budget, Restorer& restorer, Consumer& consumer, Logger log)
    : settings_(std::move(settings)),
      plan_(plan),
      environment_(environment),
      budget_(budget),
      restorer_(restorer),
      consumer_(consumer),
      log_(std::move(log)) {}

ActiveTasks::~ActiveTasks() { close(); }

void ActiveTasks::assign(const std::vector<TaskId>& ids) {
  const std::set<TaskId> wanted(ids.begin(), ids.end());
  std::erase_if(tasks_, [&](const auto& entry) {
    if (wanted.contains(entry.first)) return false;
    restorer_.remove(entry.first);
    restoring_.erase(entry.first);
    return true;
  });
  to_open_.clear();
  for (const TaskId& id : wanted) {
    if (!tasks_.contains(id)) to_open_.insert(id);
  }
  suspended_ = false;
  changed();
}

void ActiveTasks::suspend() {
  for (const auto& [id, task] : tasks_) task->suspend();
  suspended_ = true;
  changed();
}

void ActiveTasks::close() {
  for (const auto& [id, task] : tasks_) restorer_.remove(id);
  tasks_.clear();
  to_open_.clear();
  restoring_.clear();
  changed();
}

absl::Status ActiveTasks::advance() {
  LEVADA_RETURN_IF_ERROR(open_next());
  if (restorer_.restoring()) LEVADA_RETURN_IF_ERROR(restorer_.step(running_.empty() ? kRestoreWait : Duration(0)));
  return start_restored();
}

absl::Status ActiveTasks::open_next() {
  if (to_open_.empty()) return absl::OkStatus();
  const TaskId id = *to_open_.begin();
  absl::StatusOr<std::unique_ptr<Task>> task = open(id);
  if (absl::IsUnavailable(task.status())) {  // another process is about to let go of it
    if (!std::exchange(told_locked_, true)) log_.warn("waiting", {{"reason", task.status().message()}});
    return absl::OkStatus();
  }
  LEVADA_RETURN_IF_ERROR(task.status());
  told_locked_ = false;
  to_open_.erase(id);
  return begin_restore(*std::move(task));
}

absl::StatusOr<std::unique_ptr<Task>> ActiveTasks::open(const TaskId& id) {
  TaskPlan plan = plan_.task(id);
  plan.deserialization_handler = settings_.deserialization_handler;
  for (StoreSpec& store : plan.stores) store.caching = store.caching && settings_.caching;
  auto task = Task::open(plan, environment_, directory_of(id), budget_);
  if (!absl::IsDataLoss(task.status())) return task;
  log_.warn("state is damaged and will be restored from its changelogs",
            {{"task", id.to_string()}, {"reason", task.status().message()}});
  LEVADA_RETURN_IF_ERROR(TaskState::destroy(*directory_of(id)));
  return Task::open(std::move(plan), environment_, directory_of(id), budget_);
}

absl::Status ActiveTasks::begin_restore(std::unique_ptr<Task> task) {
  const TaskId id = task->id();
  absl::Status added = restorer_.add(*task);
  if (absl::IsDataLoss(added) && directory_of(id)) {
    log_.warn("state does not belong to its changelogs and will be restored",
              {{"task", id.to_string()}, {"reason", added.message()}});
    task.reset();
    LEVADA_RETURN_IF_ERROR(TaskState::destroy(*directory_of(id)));
    LEVADA_ASSIGN_OR_RETURN(task, open(id));
    added = restorer_.add(*task);
  }
  LEVADA_RETURN_IF_ERROR(added);
  tasks_[id] = std::move(task);
  restoring_.insert(id);
  return absl::OkStatus();
}

absl::Status ActiveTasks::start_restored() {
  for (const TaskId& id : restorer_.take_restored()) {
    Task& task = *tasks_.at(id);
    LEVADA_ASSIGN_OR_RETURN(const std::vector<CommittedOffset> offsets, starting_offsets(plan_.task(id)));
    LEVADA_RETURN_IF_ERROR(task.start());
    task.resume(offsets);
    restoring_.erase(id);
    changed();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<CommittedOffset>> ActiveTasks::starting_offsets(const TaskPlan& plan) {
  std::vector<TopicPartition> partitions;
  for (const TaskInput& input : plan.inputs) partitions.push_back(input.partition);
  LEVADA_ASSIGN_OR_RETURN(std::vector<CommittedOffset> offsets, consumer_.committed(partitions, kRequestTimeout));
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (offsets[i].offset != kUnknownOffset) continue;
    LEVADA_ASSIGN_OR_RETURN(offsets[i].offset, reset_offset(plan.inputs[i]));
  }
  return offsets;
}

absl::StatusOr<Offset> ActiveTasks::reset_offset(const TaskInput& input) {
  LEVADA_ASSIGN_OR_RETURN(const OffsetRange log, consumer_.offsets(input.partition, kRequestTimeout));
  const bool internal = input.partition.topic != input.topic_in_topology;
  if (internal) return log.begin;
  const std::optional<AutoOffsetReset> reset = input.reset ? input.reset : settings_.reset;
  if (!reset) {
    return absl::OutOfRangeError(
        fmt::format("{}: the group has committed no offset, and auto.offset.reset=none", input.partition.to_string()));
  }
  return *reset == AutoOffsetReset::kEarliest ? log.begin : log.end;
}

std::optional<std::filesystem::path> ActiveTasks::directory_of(const TaskId& id) const {
  if (!settings_.directory) return std::nullopt;
  return *settings_.directory / id.to_string();
}

void ActiveTasks::changed() {
  running_.clear();
  for (const auto& [id, task] : tasks_) {
    if (task->started() && !suspended_) running_.push_back(task.get());
  }
  changed_ = true;
}

std::vector<Assignment> ActiveTasks::assignments() {
  inputs_.clear();
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

}  // namespace levada
