// Runs a topology against a cluster: an instance of the application. Start as many as there are machines; they share
// the partitions of the topics among themselves.
//
//   levada::StreamsConfig config;
//   config.set("application.id", "order-analytics");
//   config.set("bootstrap.servers", "localhost:9092");          // or "embedded"
//   absl::StatusOr<levada::StreamsApp> app = levada::StreamsApp::start(builder.build(), config);
//   if (!app.ok()) …
//   absl::Status ended = app->wait_for_signal();                 // SIGTERM: finish, commit, leave the group
//
// With "embedded" and no cluster in the options, the application gets an empty one of its own, in which the topics that
// the topology reads and writes exist with one partition each; cluster() is the way in.
//
// start() checks the configuration and the topics, creates the topics the application keeps for itself, and starts
// num.stream.threads threads. Its errors are clear sentences about what is wrong: kInvalidArgument for configuration,
// topology and partition counts, kNotFound for missing topics, kFailedPrecondition when another instance keeps its
// state in the same state.dir, and kUnavailable when no broker answers, for StreamsAppOptions::start_timeout. An
// application that runs outlives brokers that go away and come back, full disks and damaged state directories;
// task.timeout.ms says how long it waits for an answer (docs/architecture.md). The functions may be called from any
// thread. Destruction stops the application and waits for it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/exception_handler.h>
#include <levada/core/log.h>
#include <levada/core/topology.h>
#include <levada/runtime/app_metrics.h>
#include <levada/runtime/cluster.h>
#include <levada/runtime/restore_listener.h>
#include <levada/runtime/standby_update_listener.h>
#include <levada/runtime/streams_config.h>
#include <levada/runtime/thread_state.h>
#include <levada/runtime/uncaught_exception.h>

namespace levada {

struct StreamsAppOptions {
  // Where to write to; none: the application is silent. Must outlive the application, as all that follows.
  LogSink* log_sink = nullptr;
  // A cluster of the caller's instead of the one bootstrap.servers names: an EmbeddedCluster shared by several
  // applications, for instance.
  Cluster* cluster = nullptr;
  RestoreListener* restore_listener = nullptr;
  StandbyUpdateListener* standby_update_listener = nullptr;
  // The application's own answers to records that fail, in place of those the configuration names.
  ExceptionHandlers exception_handlers = {};
  // What to do when a thread has failed; none: the instance ends with the error. Called on that thread, before it
  // leaves the group. What fails in the thread of global stores always ends the instance.
  UncaughtExceptionHandler uncaught_exception_handler = {};
  // Called on a thread of the application when its state changes. Must not block, nor call the application.
  std::function<void(AppState now, AppState before)> state_listener = {};
  // End by itself when everything that stands in the input at the start, and all it causes, is processed and committed.
  bool stop_at_end = false;
  // How long start() tries to reach a broker, or waits for another instance to leave the state directory; the log says
  // so once.
  Duration start_timeout = std::chrono::seconds(60);
};

class StreamsApp {
 public:
  // A topology that could not be built is refused with its own error.
  static absl::StatusOr<StreamsApp> start(absl::StatusOr<Topology> topology, const StreamsConfig& config,
                                          StreamsAppOptions options = {});
  StreamsApp(StreamsApp&&) noexcept;
  StreamsApp& operator=(StreamsApp&&) noexcept;
  ~StreamsApp();

  AppState state() const;
  AppMetrics metrics() const;
  // Where the application runs: the way into an embedded cluster of its own. Lives as long as the application.
  Cluster& cluster();

  // One more thread, which takes over a part of the partitions when the group has shared them out anew: its name, or
  // kFailedPrecondition unless the application is running or rebalancing. Memory is shared anew, but clients keep the
  // buffers they were made with.
  absl::StatusOr<std::string> add_stream_thread();
  // One thread less: it commits and leaves the group first. Its name; kFailedPrecondition if there is none, and
  // kDeadlineExceeded if it has not ended by then, which it does later. A static member leaves nothing: its partitions
  // wait for the end of its session.
  absl::StatusOr<std::string> remove_stream_thread(Duration timeout = std::chrono::minutes(1));
  std::vector<std::string> stream_threads() const;

  // Nothing is processed, restored or punctuated until resume(). The application stays in its group, and RUNNING.
  void pause();
  void resume();
  bool is_paused() const;

  // Waits until the state is one of kRunning, kNotRunning or kError. kDeadlineExceeded.
  absl::Status wait_until_running(Duration timeout) const;

  // Waits for SIGTERM or SIGINT, for the end of the input, or for a failure; then stops. The error is what made a
  // thread fail. A second signal ends the process at once.
  absl::Status wait_for_signal();
  // The same without signals.
  absl::Status wait_for_end();

  // Commits, closes the stores, leaves the group (unless it is a static member). Returns what made a thread fail, if
  // one did.
  absl::Status stop();

 private:
  class Impl;
  explicit StreamsApp(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace levada
