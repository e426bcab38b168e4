#include <algorithm>
#include <string>
#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/stream_threads.h>

namespace levada {
namespace {

void add_metrics(const StreamThread& thread, AppMetricsSum& sum) {
  sum.add(thread.metrics(), thread.dropped());
  sum.add(thread.sensors());
}

}  // namespace

absl::Status StreamThreads::start(int count) {
  const std::lock_guard lock(mutex_);
  while (std::ssize(workers_) < count) LEVADA_RETURN_IF_ERROR(make(count));
  for (const auto& worker : workers_) launch(*worker);
  return absl::OkStatus();
}

absl::StatusOr<int> StreamThreads::add() {
  int number = 0;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return absl::FailedPreconditionError("the application is ending");
    LEVADA_RETURN_IF_ERROR(make(static_cast<int>(workers_.size()) + 1));
    number = workers_.back()->number;
    share_memory();
    launch(*workers_.back());
  }
  options_.on_change();
  return number;
}

absl::Status StreamThreads::make(int threads) {
  auto worker = std::make_unique<Worker>();
  worker->number = free_number();
  LEVADA_ASSIGN_OR_RETURN(worker->loop, options_.make(worker->number, threads));
  workers_.push_back(std::move(worker));
  return absl::OkStatus();
}

void StreamThreads::launch(Worker& worker) {
  worker.thread = std::thread([this, &worker] { run(worker); });
}

int StreamThreads::free_number() const {
  int number = 1;
  while (std::ranges::any_of(workers_, [number](const auto& worker) { return worker->number == number; })) ++number;
  return number;
}

absl::StatusOr<int> StreamThreads::remove(Duration timeout) {
  std::unique_ptr<Worker> removed;
  {
    std::unique_lock lock(mutex_);
    Worker* worker = removable();
    if (worker == nullptr) return absl::FailedPreconditionError("there is no thread to remove");
    worker->stopping.store(true);
    if (worker->loop != nullptr) worker->loop->wake_up();
    if (!changed_.wait_for(lock, timeout, [worker] { return worker->ended; })) {
      return absl::DeadlineExceededError("thread " + std::to_string(worker->number) + " has not ended yet");
    }
    if (stopping_) return absl::FailedPreconditionError("the application is ending");  // which waits for this one, too
    removed = take(*worker);
    share_memory();
  }
  removed->thread.join();
  options_.on_change();
  return removed->number;
}

// The first that runs, or one that was to be removed before and has ended since.
StreamThreads::Worker* StreamThreads::removable() {
  for (const auto& worker : workers_) {
    if (worker->thread.get_id() == std::this_thread::get_id()) continue;
    if (!stopping_ && (!worker->stopping || worker->ended)) return worker.get();
  }
  return nullptr;
}

std::unique_ptr<StreamThreads::Worker> StreamThreads::take(const Worker& worker) {
  const auto place = std::ranges::find_if(workers_, [&](const auto& each) { return each.get() == &worker; });
  std::unique_ptr<Worker> taken = std::move(*place);
  workers_.erase(place);
  if (taken->loop != nullptr) add_metrics(*taken->loop, ended_);
  ended_.forget_lag();
  return taken;
}

void StreamThreads::share_memory() {
  const ThreadMemory memory = options_.memory(std::max(1, static_cast<int>(workers_.size())));
  for (const auto& worker : workers_) {
    if (worker->loop != nullptr) worker->loop->set_memory(memory);
  }
}

void StreamThreads::wake_up() {
  const std::lock_guard lock(mutex_);
  for (const auto& worker : workers_) {
    if (worker->loop != nullptr) worker->loop->wake_up();
  }
}

void StreamThreads::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& worker : workers_) worker->stopping.store(true);
  }
  wake_up();
  for (const auto& worker : workers_) {
    if (worker->thread.joinable()) worker->thread.join();
  }
}

void StreamThreads::run(Worker& worker) {
  for (;;) {
    const absl::Status ran = run_loop(worker);
    const UncaughtExceptionResponse response =
        ran.ok() ? UncaughtExceptionResponse::kShutdownClient : options_.on_failure(ran);
    const absl::Status left = worker.loop->leave();
    if (ran.ok() && !left.ok()) options_.fail(left);
    if (response == UncaughtExceptionResponse::kShutdownApplication) options_.stop_application();
    if (response != UncaughtExceptionResponse::kReplaceThread) break;
    const absl::Status replaced = replace(worker);
    if (replaced.ok()) continue;
    options_.fail(replaced);
    break;
  }
  end(worker);
}

absl::Status StreamThreads::run_loop(Worker& worker) {
  LEVADA_RETURN_IF_ERROR(worker.loop->join());
  while (!worker.stopping.load(std::memory_order_relaxed)) {
    LEVADA_RETURN_IF_ERROR(worker.loop->run_once());
    LEVADA_RETURN_IF_ERROR(options_.between_rounds());
  }
  return absl::OkStatus();
}

absl::Status StreamThreads::replace(Worker& worker) {
  std::unique_ptr<StreamThread> failed;
  int threads = 0;
  {
    const std::lock_guard lock(mutex_);
    failed = std::move(worker.loop);
    add_metrics(*failed, ended_);
    ended_.forget_lag();
    threads = static_cast<int>(workers_.size());
  }
  failed.reset();  // its clients go before others of the same names come
  LEVADA_ASSIGN_OR_RETURN(auto loop, options_.make(worker.number, threads));
  const std::lock_guard lock(mutex_);
  worker.loop = std::move(loop);
  return absl::OkStatus();
}

void StreamThreads::end(Worker& worker) {
  {
    const std::lock_guard lock(mutex_);
    worker.ended = true;
  }
  changed_.notify_all();
}

std::vector<int> StreamThreads::numbers() const {
  const std::lock_guard lock(mutex_);
  std::vector<int> numbers;
  for (const auto& worker : workers_) {
    if (!worker->stopping) numbers.push_back(worker->number);
  }
  return numbers;
}

bool StreamThreads::all_running() const {
  const std::lock_guard lock(mutex_);
  return std::ranges::all_of(workers_, [](const auto& worker) {
    return worker->stopping || (worker->loop != nullptr && worker->loop->state() == ThreadState::kRunning);
  });
}

AppMetricsSum StreamThreads::metrics() const {
  const std::lock_guard lock(mutex_);
  AppMetricsSum sum = ended_;
  for (const auto& worker : workers_) {
    if (worker->loop != nullptr) add_metrics(*worker->loop, sum);
  }
  return sum;
}

}  // namespace levada
