#include <algorithm>
#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/stream_thread.h>

namespace levada {
namespace {

constexpr std::size_t kRecordsPerRound = 2000;
constexpr Duration kShortWait = std::chrono::milliseconds(5);
constexpr Duration kRetryWait = std::chrono::milliseconds(20);
constexpr Duration kLongestUnpolled = std::chrono::milliseconds(50);
constexpr Duration kProducerTimeout = std::chrono::seconds(5);

}  // namespace

absl::StatusOr<std::unique_ptr<StreamThread>> StreamThread::create(StreamThreadSettings settings,
                                                                   StreamThreadEnvironment environment) {
  Cluster& cluster = environment.cluster;
  LEVADA_ASSIGN_OR_RETURN(auto consumer, cluster.consumer(settings.consumer));
  LEVADA_ASSIGN_OR_RETURN(auto restore_consumer, cluster.consumer(settings.restore_consumer));
  std::unique_ptr<Producer> producer;
  TransactionalProducer* transactions = nullptr;
  if (settings.exactly_once) {
    LEVADA_ASSIGN_OR_RETURN(auto made, TransactionalProducer::create(cluster, settings.producer));
    transactions = made.get();
    producer = std::move(made);
  } else {
    LEVADA_ASSIGN_OR_RETURN(producer, cluster.producer(settings.producer));
  }
  LEVADA_ASSIGN_OR_RETURN(auto admin, cluster.admin(settings.admin));
  std::unique_ptr<StreamThread> thread(new StreamThread(std::move(settings), std::move(environment),
                                                        std::move(consumer), std::move(restore_consumer),
                                                        std::move(producer), transactions, std::move(admin)));
  LEVADA_RETURN_IF_ERROR(thread->add_standbys());
  return thread;
}

StreamThread::StreamThread(StreamThreadSettings settings, StreamThreadEnvironment environment,
                           std::unique_ptr<Consumer> consumer, std::unique_ptr<Consumer> restore_consumer,
                           std::unique_ptr<Producer> producer, TransactionalProducer* transactions,
                           std::unique_ptr<Admin> admin)
    : settings_(std::move(settings)),
      environment_(std::move(environment)),
      plan_(&environment_.plan),
      meter_(environment_.clock, metrics_),
      dropped_(environment_.log, environment_.clock),
      admin_(std::move(admin)),
      producer_(std::move(producer)),
      transactions_(transactions),
      restore_consumer_(std::move(restore_consumer)),
      consumer_(std::move(consumer)),
      collector_(*producer_),
      delivery_errors_(settings_.application_id, settings_.errors, collector_, dropped_,
                       settings_.exactly_once ? LostWith::kTransaction : LostWith::kNothing),
      restorer_(settings_.restorer, *restore_consumer_, environment_.restore_listener, environment_.log,
                metrics_.restored, settings_.exactly_once ? admin_.get() : nullptr),
      tasks_(settings_.tasks, environment_.plan,
             {.application_id = settings_.application_id,
              .collector = collector_,
              .dropped = dropped_,
              .clock = environment_.clock,
              .emit_intervals = settings_.emit_intervals,
              .global_stores = environment_.global_stores,
              .errors = settings_.errors,
              .app_configs = settings_.app_configs,
              .metrics = &sensors_,
              .disk_faults = environment_.disk_faults},
             environment_.budget, restorer_, *consumer_, environment_.log),
      loop_(settings_.loop, environment_.clock, metrics_),
      committer_(settings_.committer, *consumer_, *producer_, *admin_, restorer_, environment_.clock, environment_.log),
      commit_patience_("commit", settings_.task_timeout, environment_.clock, environment_.log),
      transaction_patience_(settings_.exactly_once ? "transaction" : "delivery", settings_.task_timeout,
                            environment_.clock, environment_.log),
      write_buffer_bytes_(settings_.write_buffer_bytes),
      queue_bytes_(settings_.loop.buffer_bytes),
      last_commit_(environment_.clock.steady_now()) {
  producer_->set_delivery_listener(&delivery_errors_);
}

absl::Status StreamThread::add_standbys() {
  if (settings_.standbys.replicas == 0) return absl::OkStatus();
  LEVADA_ASSIGN_OR_RETURN(auto reader, environment_.cluster.consumer(settings_.standbys.reader));
  const StandbyEnvironment environment{.plan = *plan_,
                                       .clock = environment_.clock,
                                       .log = environment_.log,
                                       .active = tasks_,
                                       .group = *consumer_,
                                       .admin = *admin_,
                                       .ends = settings_.exactly_once ? admin_.get() : nullptr,
                                       .metrics = metrics_,
                                       .listener = environment_.standby_listener};
  standbys_.emplace(settings_.standbys, environment, std::move(reader));
  return absl::OkStatus();
}

StreamThread::~StreamThread() {
  leave().IgnoreError();
  producer_->set_delivery_listener(nullptr);
}

absl::Status StreamThread::join() {
  set_state(ThreadState::kStarting);
  return subscribe();
}

absl::Status StreamThread::run_once() {
  const absl::Status done = run_round();
  if (!done.ok()) failed_ = true;
  return done;
}

absl::Status StreamThread::run_round() {
  LEVADA_RETURN_IF_ERROR(recover_producer());
  LEVADA_RETURN_IF_ERROR(poll());
  const absl::Status taken = loop_.take_failure();
  if (!taken.ok()) LEVADA_RETURN_IF_ERROR(repair(taken));
  if (waits_for_producer()) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(manage_tasks());
  const absl::Status worked = work();
  if (!worked.ok()) LEVADA_RETURN_IF_ERROR(repair(worked));
  return commit_if_due();
}

absl::Status StreamThread::work() {
  busy_ = false;
  if (commit_patience_.waiting() || paused()) {
    tasks_.end_silence();
    return absl::OkStatus();
  }
  loop_.set_buffer_bytes(queue_bytes_.load(std::memory_order_relaxed));
  LEVADA_RETURN_IF_ERROR(process());
  return punctuate();
}

// What may pass is a topic that is asked for while records are processed: chosen by a record, or of dead letters.
// Of a damaged task the others commit, unless what it sent is in the transaction of all.
absl::Status StreamThread::repair(const absl::Status& failure) {
  if (must_start_over(failure) || Patience::may_pass(failure)) return start_over(failure);
  if (!absl::IsDataLoss(failure)) return failure;
  LEVADA_RETURN_IF_ERROR(tasks_.repair_damaged(failure));
  if (transactions_ != nullptr) return start_over(failure);
  request_commit();
  return absl::OkStatus();
}

absl::Status StreamThread::recover_producer() {
  if (!waits_for_producer() || transaction_patience_.pausing()) return absl::OkStatus();
  const absl::Status recovered = transactions_->recover(kProducerTimeout);
  return recovered.ok() ? recovered : transaction_patience_.bear(recovered);
}

bool StreamThread::must_start_over(const absl::Status& failure) const {
  return absl::IsAborted(failure) ||
         (transactions_ != nullptr && (transactions_->broken() || absl::IsFailedPrecondition(failure)));
}

// Who leaves, or loses its tasks, need not: the next who has them does it.
bool StreamThread::is_done_again(const absl::Status& failure) const {
  return must_start_over(failure) || absl::IsFailedPrecondition(failure);
}

// What was done since the last commit is as if it never had been, and is done again by whoever has the tasks then: this
// thread, as long as the group does not say otherwise.
absl::Status StreamThread::start_over(const absl::Status& reason) {
  const char* what = transactions_ != nullptr ? "the transaction is given up and its tasks begin anew"
                                              : "what was not committed is done again: tasks begin anew";
  environment_.log.warn(what, {{"reason", reason.message()}});
  give_up_uncommitted();
  if (transactions_ == nullptr) producer_->flush(kProducerTimeout).IgnoreError();  // what else fails is no news
  tasks_.restart();
  commit_patience_.forget();
  return transaction_patience_.bear(absl::UnavailableError(reason.message()));
}

void StreamThread::give_up_uncommitted() {
  if (transactions_ != nullptr) transactions_->give_up();
}

absl::Status StreamThread::poll() {
  const Instant now = environment_.clock.steady_now();
  // Who does nothing waits in here, however much is left to do.
  const bool has_enough = busy_ && !loop_.hungry();
  if (has_enough && now - last_poll_ < kLongestUnpolled) return absl::OkStatus();
  last_poll_ = now;
  LEVADA_RETURN_IF_ERROR(tasks_.choose_fetched(loop_.full(), loop_.holds_back()));
  // A full buffer is back-pressure: records stay in the client's queue, which then stops fetching.
  const bool full = loop_.full() && !loop_.holds_back();
  const bool wants_none = full || commit_patience_.waiting() || waits_for_producer() || paused();
  const std::size_t records = wants_none ? 0 : settings_.max_poll_records;
  LEVADA_RETURN_IF_ERROR(consumer_->poll(poll_timeout(), records, *this));
  if (loop_.waiting()) tasks_.note_ends();
  return std::exchange(rebalance_error_, absl::OkStatus());
}

Duration StreamThread::poll_timeout() const {
  if (waits_for_producer()) return kRetryWait;
  if (paused()) return settings_.poll_time;
  if (assigned_ || !tasks_.idle()) return Duration(0);
  if (commit_patience_.waiting()) return commit_patience_.pausing() ? kRetryWait : Duration(0);
  if (commit_requested_.load(std::memory_order_relaxed) || busy_) return Duration(0);
  if (loop_.waiting() || loop_.full()) return kShortWait;
  if (!tasks_.ready()) return kRetryWait;
  if (standbys_ && standbys_->behind()) return kShortWait;
  const auto to_commit = std::chrono::duration_cast<Duration>(next_commit() - environment_.clock.steady_now());
  return std::clamp(to_commit, Duration(1), settings_.poll_time);
}

absl::Status StreamThread::manage_tasks() {
  LEVADA_RETURN_IF_ERROR(take_new_plan());
  take_assigned();
  if (!tasks_.ready() && !paused()) LEVADA_RETURN_IF_ERROR(tasks_.advance(busy_));
  if (standbys_ && !paused()) standbys_->advance(busy_);
  meter_.restoring(restorer_.restoring());
  if (tasks_.take_changed()) LEVADA_RETURN_IF_ERROR(consumer_->assign(tasks_.assignments()));
  metrics_.tasks.store(tasks_.size(), std::memory_order_relaxed);
  if (state() == ThreadState::kRunning && !tasks_.ready()) set_state(ThreadState::kPartitionsAssigned);
  if (state() == ThreadState::kPartitionsAssigned && tasks_.ready()) set_state(ThreadState::kRunning);
  return absl::OkStatus();
}

absl::Status StreamThread::process() {
  if (!loop_.has_taken()) meter_.begin_round();
  LEVADA_ASSIGN_OR_RETURN(const std::size_t processed, loop_.process(tasks_.running(), kRecordsPerRound));
  busy_ = processed > 0;
  meter_.end_round(processed, tasks_, *consumer_);
  return absl::OkStatus();
}

absl::Status StreamThread::punctuate() {
  for (Task* task : tasks_.running()) {
    LEVADA_RETURN_IF_ERROR(task->punctuate_wall_clock());
    LEVADA_RETURN_IF_ERROR(task->keep_up());
    if (task->take_commit_request()) request_commit();
  }
  return absl::OkStatus();
}

// Where results are seen only when they are committed, who has nothing else to do does not let them wait.
StreamThread::Instant StreamThread::next_commit() const {
  const bool early = settings_.idle_commit_interval < settings_.commit_interval && !busy_ &&
                     std::ranges::any_of(tasks_.running(), &Task::needs_commit);
  return last_commit_ + (early ? settings_.idle_commit_interval : settings_.commit_interval);
}

bool StreamThread::commit_is_due() const {
  if (commit_patience_.waiting()) return !commit_patience_.pausing();
  if (commit_requested_.load(std::memory_order_relaxed)) return true;
  if (environment_.clock.steady_now() >= next_commit()) return true;
  std::size_t changes = 0;
  bool idle = settings_.commit_when_idle && !busy_;
  for (Task* task : tasks_.running()) {
    changes += task->state().buffered_bytes();
    idle = idle && task->at_end();
  }
  return idle || changes >= write_buffer_bytes_.load(std::memory_order_relaxed);
}

absl::Status StreamThread::commit_if_due() {
  for (Task* task : tasks_.running()) task->state().settle_budget();
  if (!commit_is_due()) return absl::OkStatus();
  commit_requested_.store(false);
  const absl::Status committed = commit(false);
  if (!committed.ok() && must_start_over(committed)) return start_over(committed);
  if (absl::IsFailedPrecondition(committed)) {
    environment_.log.warn("the group has moved on; uncommitted work is given up", {{"reason", committed.message()}});
    tasks_.close();
    commit_patience_.forget();
    return absl::OkStatus();
  }
  if (!committed.ok()) return commit_patience_.bear(committed);
  committer_.purge(tasks_.running());
  return absl::OkStatus();
}

// A task that turns out to be damaged is left out, and the others commit; unless what it sent is in the transaction of
// all.
absl::Status StreamThread::commit(bool leaving) {
  absl::Status committed = try_commit(leaving);
  while (absl::IsDataLoss(committed)) {
    LEVADA_RETURN_IF_ERROR(tasks_.repair_damaged(committed));
    if (transactions_ != nullptr && transactions_->in_transaction()) return absl::AbortedError(committed.message());
    committed = try_commit(leaving);
  }
  if (committed.ok()) commit_patience_.succeeded();
  return committed;
}

absl::Status StreamThread::try_commit(bool leaving) {
  const Instant began = environment_.clock.steady_now();
  last_commit_ = began;
  std::vector<Task*> changed;
  for (Task* task : tasks_.running()) {
    if (leaving || task->needs_commit()) changed.push_back(task);
  }
  if (changed.empty()) {
    if (has_nothing_to_do()) transaction_patience_.succeeded();
    return absl::OkStatus();
  }
  metrics_.add(metrics_.commits, 1);
  const absl::Status committed = leaving ? committer_.commit_before_leaving(changed) : committer_.commit(changed);
  // As often as the interval says; but one that takes long must not cause the next at once.
  last_commit_ = std::max(began, environment_.clock.steady_now() - settings_.commit_interval / 2);
  LEVADA_RETURN_IF_ERROR(committed);
  collector_.refused().clear();
  tasks_.committed(changed);
  if (tasks_.ready()) transaction_patience_.succeeded();
  return absl::OkStatus();
}

// Then nothing is left of what was given up, either: it was done, or others have it.
bool StreamThread::has_nothing_to_do() const {
  return tasks_.ready() && std::ranges::all_of(tasks_.running(), [](const Task* task) { return task->at_end(); });
}

absl::Status StreamThread::leave() {
  if (state() == ThreadState::kDead) return absl::OkStatus();
  set_state(ThreadState::kPendingShutdown);
  absl::Status committed = failed_ ? absl::OkStatus() : commit(true);
  if (!committed.ok() && is_done_again(committed)) {
    environment_.log.warn("the last commit was given up", {{"reason", committed.message()}});
    committed = absl::OkStatus();
  }
  tasks_.close();
  standbys_.reset();
  // What is open keeps readers waiting.
  if (transactions_ != nullptr && transactions_->in_transaction()) {
    transactions_->abort_transaction(kProducerTimeout).IgnoreError();
  }
  leave_group();
  set_state(ThreadState::kDead);
  return committed;
}

void StreamThread::leave_group() {
  std::unique_ptr<Consumer> leaving;
  {
    const std::lock_guard lock(consumer_mutex_);
    leaving = std::move(consumer_);
  }
}

void StreamThread::wake_up() {
  const std::lock_guard lock(consumer_mutex_);
  if (consumer_ != nullptr) consumer_->wake_up();
}

void StreamThread::set_memory(const ThreadMemory& memory) {
  write_buffer_bytes_.store(memory.write_buffer_bytes);
  queue_bytes_.store(memory.queue_bytes);
}

void StreamThread::request_commit() { commit_requested_.store(true); }

void StreamThread::on_record(std::size_t tag, const LogRecord& record) {
  if (tag >= tasks_.inputs().size()) return;
  if (!loop_.has_taken()) meter_.begin_round();
  const ActiveTasks::Input& to = tasks_.inputs()[tag];
  loop_.take(*to.task, *to.input, record);
}

void StreamThread::on_end_of_partition(std::size_t tag, Offset next) {
  if (tag < tasks_.inputs().size()) tasks_.inputs()[tag].input->reached_end(next);
}

void StreamThread::set_state(ThreadState state) {
  if (state_.exchange(state) == state) return;
  environment_.log.info("thread state", {{"state", to_string(state)}});
  if (environment_.on_state) environment_.on_state(state);
}

}  // namespace levada
