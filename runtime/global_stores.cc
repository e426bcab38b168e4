#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/global_stores.h>
#include <levada/state/committed_view.h>

namespace levada {

absl::StatusOr<std::unique_ptr<GlobalStores>> GlobalStores::open(std::vector<TaskPlan> plans,
                                                                 const TaskEnvironment& environment,
                                                                 std::optional<std::filesystem::path> directory,
                                                                 MemoryBudget& budget) {
  std::unique_ptr<GlobalStores> stores(new GlobalStores(environment, std::move(directory), budget));
  for (TaskPlan& plan : plans) {
    // Nobody is below to be told, and readers see what is committed.
    for (StoreSpec& store : plan.stores) store.caching = false;
    auto global = std::make_unique<Global>(std::move(plan));
    absl::Status opened = stores->open(*global);
    if (absl::IsDataLoss(opened)) {
      LEVADA_RETURN_IF_ERROR(TaskState::destroy(*stores->directory_of(*global)));
      opened = stores->open(*global);
    }
    LEVADA_RETURN_IF_ERROR(opened);
    stores->globals_.push_back(std::move(global));
  }
  return stores;
}

absl::Status GlobalStores::open(Global& global) {
  LEVADA_ASSIGN_OR_RETURN(global.task, Task::open(global.plan, environment_, directory_of(global), budget_));
  LEVADA_RETURN_IF_ERROR(global.task->start());
  for (std::size_t i = 0; i < global.task->inputs(); ++i) {
    PartitionInput& input = global.task->input(i);
    input.start_at(global.task->state().position(input.where()).value_or(0), kNoTimestamp);
  }
  return absl::OkStatus();
}

absl::Status GlobalStores::empty(std::size_t index) {
  Global& global = *globals_[index];
  global.task.reset();
  if (directory_) LEVADA_RETURN_IF_ERROR(TaskState::destroy(*directory_of(global)));
  return open(global);
}

std::optional<std::filesystem::path> GlobalStores::directory_of(const Global& global) const {
  if (!directory_) return std::nullopt;
  return *directory_ / global.store;
}

absl::StatusOr<std::size_t> GlobalStores::process() {
  std::size_t sum = 0;
  for (const auto& global : globals_) {
    LEVADA_ASSIGN_OR_RETURN(const std::size_t processed, process(*global->task));
    if (global->task->needs_commit()) LEVADA_RETURN_IF_ERROR(commit(*global));
    global->task->state().settle_budget();
    sum += processed;
  }
  return sum;
}

absl::StatusOr<std::size_t> GlobalStores::process(Task& task) {
  for (std::size_t count = 0;; ++count) {
    LEVADA_ASSIGN_OR_RETURN(const bool ready, task.prepare());
    if (!ready) return count;
    LEVADA_RETURN_IF_ERROR(task.process());
  }
}

absl::Status GlobalStores::commit(Global& global) {
  Task& task = *global.task;
  LEVADA_RETURN_IF_ERROR(task.prepare_commit());
  for (std::size_t i = 0; i < task.inputs(); ++i) {
    task.state().set_position(task.input(i).where(), task.input(i).position());
  }
  const std::lock_guard lock(global.mutex);
  return task.finish_commit({});
}

const GlobalStores::Global* GlobalStores::find(const std::string& store) const {
  for (const auto& global : globals_) {
    if (global->store == store) return global.get();
  }
  return nullptr;
}

StoreReader GlobalStores::read(const std::string& store, const RecordContext& current) const {
  const Global& global = *find(store);
  const StoreHost& written = global.task->state().host(store);
  const bool in_memory = !directory_ || written.spec().engine == StoreEngine::kInMemory;
  auto view = std::make_unique<CommittedView>(written.engine(), in_memory ? &global.mutex : nullptr);
  auto host = std::make_unique<StoreHost>(written.spec(), std::move(view), current, StoreAccess::kReadOnly);
  auto typed = written.spec().make(*host);
  return {.host = std::move(host), .store = std::move(typed)};
}

}  // namespace levada
