// The threads of an application that process: added, replaced and removed while it runs.
//
//   StreamThreads threads({.make = make_thread, .on_failure = …});
//   RETURN_IF_ERROR(threads.start(2));
//   ASSIGN_OR_RETURN(int number, threads.add());
//   threads.stop();
//
// They are numbered from 1; a new one takes the lowest number that is free. May be used from any thread but its own.
// The callbacks are called on its threads, and must not call it, but for all_running().
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/time.h>
#include <levada/runtime/app_metrics.h>
#include <levada/runtime/stream_thread.h>
#include <levada/runtime/uncaught_exception.h>

namespace levada {

struct StreamThreadsOptions {
  // The loop of the thread of this number, which shares memory with so many in all.
  std::function<absl::StatusOr<std::unique_ptr<StreamThread>>(int number, int threads)> make = {};
  std::function<ThreadMemory(int threads)> memory = {};
  // Between two rounds of a thread; an error is one of the thread.
  std::function<absl::Status()> between_rounds = {};
  // A thread has failed and will leave the group.
  std::function<UncaughtExceptionResponse(const absl::Status&)> on_failure = {};
  // What went wrong besides ends the application.
  std::function<void(const absl::Status&)> fail = {};
  // It has left, and the answer was to stop the whole application.
  std::function<void()> stop_application = {};
  // How many there are has changed.
  std::function<void()> on_change = {};
};

class StreamThreads {
 public:
  explicit StreamThreads(StreamThreadsOptions options) : options_(std::move(options)) {}
  StreamThreads(const StreamThreads&) = delete;
  StreamThreads& operator=(const StreamThreads&) = delete;
  ~StreamThreads() { stop(); }

  absl::Status start(int count);
  // One more; its number. kFailedPrecondition after stop().
  absl::StatusOr<int> add();
  // One less, which commits and leaves the group; its number. kFailedPrecondition if there is none, kDeadlineExceeded
  // if it has not ended by then: it does so later.
  absl::StatusOr<int> remove(Duration timeout);
  void wake_up();
  // Ends all of them and waits.
  void stop();

  std::vector<int> numbers() const;
  bool all_running() const;
  // Of those that have ended, too.
  AppMetricsSum metrics() const;

 private:
  struct Worker {
    int number = 0;
    std::unique_ptr<StreamThread> loop = nullptr;  // null while it is being replaced
    std::thread thread = {};
    std::atomic<bool> stopping = false;
    bool ended = false;
  };

  absl::Status make(int threads);
  void launch(Worker& worker);
  int free_number() const;
  Worker* removable();
  void run(Worker& worker);
  absl::Status run_loop(Worker& worker);
  absl::Status replace(Worker& worker);
  void share_memory();
  void end(Worker& worker);
  std::unique_ptr<Worker> take(const Worker& worker);

  const StreamThreadsOptions options_;
  mutable std::mutex mutex_ = {};  // of all below
  std::condition_variable changed_ = {};
  std::vector<std::unique_ptr<Worker>> workers_ = {};
  AppMetricsSum ended_ = {};
  bool stopping_ = false;
};

}  // namespace levada
