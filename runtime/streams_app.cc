#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include <levada/core/errors.h>
#include <levada/core/status_macros.h>
#include <levada/runtime/app_lifecycle.h>
#include <levada/runtime/app_setup.h>
#include <levada/runtime/end_of_input.h>
#include <levada/runtime/pattern_topics.h>
#include <levada/runtime/process_id.h>
#include <levada/runtime/shutdown_request.h>
#include <levada/runtime/stream_threads.h>
#include <levada/runtime/streams_app.h>
#include <levada/runtime/termination_signal.h>
#include <levada/runtime/topic_watch.h>
#include <levada/state/file_lock.h>

namespace levada {
namespace {

constexpr Duration kEndCheckInterval = std::chrono::milliseconds(100);
constexpr Duration kShutdownTimeout = std::chrono::seconds(30);

}  // namespace

class StreamsApp::Impl {
 public:
  Impl(Topology topology, StreamsConfig config, StreamsAppOptions options)
      : topology_(std::move(topology)),
        config_(std::move(config)),
        options_(std::move(options)),
        log_(make_log()),
        budget_(internal::budget_for_data(config_)) {}

  ~Impl() { stop().IgnoreError(); }

  absl::Status start();
  absl::Status stop();
  absl::Status wait(const std::function<bool()>& interrupted);
  const AppLifecycle& lifecycle() const { return lifecycle_; }
  AppMetrics metrics() const;
  absl::StatusOr<std::string> add_stream_thread();
  absl::StatusOr<std::string> remove_stream_thread(Duration timeout);
  std::vector<std::string> stream_threads() const;
  void set_paused(bool paused);
  bool is_paused() const { return paused_.load(); }
  Cluster& cluster() { return *cluster_; }

 private:
  Logger make_log() const;
  absl::Status prepare();
  absl::Status start_global_thread();
  absl::Status start_threads();
  bool has_tasks() const;
  StreamThreadsOptions thread_options();
  absl::StatusOr<std::unique_ptr<StreamThread>> make_thread(int number, int threads);
  std::string name_of(int number) const;
  absl::Status check_changeable() const;
  void run(GlobalThread& loop);
  void on_thread_state(ThreadState state);
  void note_running();
  UncaughtExceptionResponse on_thread_failure(const absl::Status& failure);
  void stop_application();
  const GlobalStores* global_stores() const { return global_loop_ ? &global_loop_->stores() : nullptr; }
  bool end_of_input_reached();

  const Topology topology_;
  const StreamsConfig config_;
  const StreamsAppOptions options_;
  const SystemClock clock_ = {};
  const Logger log_;
  MemoryBudget budget_;
  std::unique_ptr<Cluster> own_cluster_ = nullptr;
  Cluster* cluster_ = nullptr;
  std::unique_ptr<Admin> admin_ = nullptr;
  std::optional<FileLock> directory_lock_ = std::nullopt;  // until the stores are closed
  TopicWatch topics_{topology_, config_, log_};
  std::optional<ProcessId> process_ = std::nullopt;
  std::optional<EndOfInput> end_of_input_ = std::nullopt;
  bool told_unknown_end_ = false;
  std::unique_ptr<GlobalThread> global_loop_ = nullptr;  // its stores outlive the tasks of the workers
  std::thread global_thread_ = {};
  std::atomic<bool> paused_ = false;
  std::optional<ShutdownRequest> shutdown_ = std::nullopt;  // if there is a handler that may ask for it

  AppLifecycle lifecycle_{log_, options_.state_listener};
  std::mutex stop_mutex_ = {};

  StreamThreads threads_{thread_options()};  // the first to go
};

Logger StreamsApp::Impl::make_log() const {
  if (options_.log_sink == nullptr) return {};
  return Logger(*options_.log_sink, config_.log_level()).with({{"application", config_.application_id()}});
}

absl::Status StreamsApp::Impl::start() {
  for (const std::string& note : config_.notes()) log_.warn(note);
  const absl::Status prepared = prepare();
  if (!prepared.ok()) {
    log_.error("could not start", {{"reason", prepared.message()}});
    lifecycle_.set(AppState::kNotRunning);
    return prepared;
  }
  lifecycle_.set(AppState::kRebalancing);
  const absl::Status global = start_global_thread();
  if (!global.ok()) {
    lifecycle_.fail(global);
    return stop();
  }
  return start_threads();
}

absl::Status StreamsApp::Impl::prepare() {
  const auto deadline = std::chrono::steady_clock::now() + options_.start_timeout;
  LEVADA_ASSIGN_OR_RETURN(directory_lock_, internal::lock_state_directory(topology_, config_, deadline, log_));
  if (options_.cluster == nullptr) {
    LEVADA_ASSIGN_OR_RETURN(own_cluster_, internal::make_cluster(config_, clock_, log_));
  }
  cluster_ = options_.cluster != nullptr ? options_.cluster : own_cluster_.get();
  LEVADA_ASSIGN_OR_RETURN(admin_, cluster_->admin(config_.client_properties(ClientRole::kAdmin)));
  if (own_cluster_ != nullptr && config_.uses_embedded_cluster()) {
    LEVADA_RETURN_IF_ERROR(internal::create_all_topics(topology_, config_.dead_letter_topic(), *admin_));
  }
  LEVADA_RETURN_IF_ERROR(topics_.make_plan(*admin_, deadline));
  if (!options_.stop_at_end) return absl::OkStatus();
  end_of_input_.emplace(config_.application_id(), topics_.plans().newest(), *admin_);
  return end_of_input_->note_inputs();
}

// Nothing is processed before the global stores have what their topics have now.
absl::Status StreamsApp::Impl::start_global_thread() {
  if (topics_.plans().newest().global_tasks().empty()) return absl::OkStatus();
  LEVADA_ASSIGN_OR_RETURN(global_loop_,
                          GlobalThread::create(internal::global_thread_settings(config_, options_.exception_handlers),
                                               {.plan = topics_.plans().newest(),
                                                .cluster = *cluster_,
                                                .budget = budget_,
                                                .clock = clock_,
                                                .log = log_.with({{"thread", "global"}}),
                                                .restore_listener = options_.restore_listener}));
  while (!global_loop_->restored()) LEVADA_RETURN_IF_ERROR(global_loop_->run_once());
  global_thread_ = std::thread([this] { run(*global_loop_); });
  return absl::OkStatus();
}

absl::Status StreamsApp::Impl::start_threads() {
  if (config_.processing_guarantee() == ProcessingGuarantee::kExactlyOnceV2 || config_.num_standby_replicas() > 0) {
    process_.emplace(ProcessId::claim(config_.state_dir() / config_.application_id()));
  }
  if (options_.uncaught_exception_handler) {
    shutdown_.emplace(*cluster_,
                      ShutdownRequestSettings{.group = config_.application_id(),
                                              .topics = topics_.plans().newest().source_topics(),
                                              .consumer = config_.client_properties(ClientRole::kMainConsumer),
                                              .admin = config_.client_properties(ClientRole::kAdmin)});
  }
  const absl::Status started = threads_.start(has_tasks() ? config_.num_stream_threads() : 0);
  if (!started.ok()) {
    lifecycle_.fail(started);
    return stop();
  }
  note_running();
  topics_.start(*cluster_, [this] { threads_.wake_up(); });
  return absl::OkStatus();
}

// A topology of global stores alone has none, and needs no threads: they are filled by their own.
bool StreamsApp::Impl::has_tasks() const {
  return reads_patterns(topology_) || !topics_.plans().newest().source_topics().empty();
}

StreamThreadsOptions StreamsApp::Impl::thread_options() {
  return {.make = [this](int number, int threads) { return make_thread(number, threads); },
          .memory = [this](int threads) { return internal::thread_memory(config_, budget_, threads); },
          .between_rounds = [this] { return shutdown_ ? shutdown_->look() : absl::OkStatus(); },
          .on_failure = [this](const absl::Status& failure) { return on_thread_failure(failure); },
          .fail = [this](const absl::Status& failure) { lifecycle_.fail(failure); },
          .stop_application = [this] { stop_application(); },
          .on_change = [this] { note_running(); }};
}

absl::StatusOr<std::unique_ptr<StreamThread>> StreamsApp::Impl::make_thread(int number, int threads) {
  const internal::ThreadSharing sharing{.threads = threads, .process = process_ ? process_->text() : ""};
  StreamThreadSettings settings = internal::thread_settings(config_, budget_, number, sharing);
  settings.commit_when_idle = options_.stop_at_end;
  if (options_.stop_at_end && config_.upstream_time_enabled()) settings.tasks.time_mark_interval = Duration(0);
  settings.errors.handlers = options_.exception_handlers;
  return StreamThread::create(std::move(settings), {.plan = topics_.plans().newest(),
                                                    .cluster = *cluster_,
                                                    .budget = budget_,
                                                    .clock = clock_,
                                                    .log = log_.with({{"thread", number}}),
                                                    .restore_listener = options_.restore_listener,
                                                    .standby_listener = options_.standby_update_listener,
                                                    .plans = reads_patterns(topology_) ? &topics_.plans() : nullptr,
                                                    .global_stores = global_stores(),
                                                    .on_state = [this](ThreadState now) { on_thread_state(now); },
                                                    .paused = &paused_});
}

void StreamsApp::Impl::run(GlobalThread& loop) {
  absl::Status status;
  while (status.ok() && !lifecycle_.is_stopping()) status = loop.run_once();
  if (!status.ok()) lifecycle_.fail(status);
}

void StreamsApp::Impl::on_thread_state(ThreadState state) {
  if (shutdown_ && state == ThreadState::kPartitionsAssigned) shutdown_->note_group_change();
  note_running();
}

void StreamsApp::Impl::note_running() {
  const AppState now = lifecycle_.state();
  if (now != AppState::kRunning && now != AppState::kRebalancing) return;
  lifecycle_.set(threads_.all_running() ? AppState::kRunning : AppState::kRebalancing);
}

UncaughtExceptionResponse StreamsApp::Impl::on_thread_failure(const absl::Status& failure) {
  UncaughtExceptionResponse response = UncaughtExceptionResponse::kShutdownClient;
  const bool asked = options_.uncaught_exception_handler && !lifecycle_.is_stopping() && !absl::IsCancelled(failure);
  try {
    if (asked) response = options_.uncaught_exception_handler(failure);
  } catch (...) {
    log_.error("the handler of uncaught exceptions has failed", {{"reason", current_exception_text()}});
  }
  if (response == UncaughtExceptionResponse::kReplaceThread) {
    log_.warn("a thread has failed and is replaced", {{"reason", failure.message()}});
  } else {
    lifecycle_.fail(failure);
  }
  return response;
}

// From the thread that failed, when it has left.
void StreamsApp::Impl::stop_application() {
  const absl::Status stopped = shutdown_->ask(kShutdownTimeout);
  if (!stopped.ok()) log_.warn("not all instances have stopped", {{"reason", stopped.message()}});
}

absl::Status StreamsApp::Impl::check_changeable() const {
  const AppState now = lifecycle_.state();
  if (now == AppState::kRunning || now == AppState::kRebalancing) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("threads can be added and removed while the application runs: it is {}", to_string(now)));
}

std::string StreamsApp::Impl::name_of(int number) const {
  return fmt::format("{}-StreamThread-{}", config_.client_id().value_or(config_.application_id()), number);
}

absl::StatusOr<std::string> StreamsApp::Impl::add_stream_thread() {
  LEVADA_RETURN_IF_ERROR(check_changeable());
  if (!has_tasks()) return absl::FailedPreconditionError("the topology has global stores only: threads have no work");
  LEVADA_ASSIGN_OR_RETURN(const int number, threads_.add());
  log_.info("a thread was added", {{"thread", number}});
  return name_of(number);
}

absl::StatusOr<std::string> StreamsApp::Impl::remove_stream_thread(Duration timeout) {
  LEVADA_RETURN_IF_ERROR(check_changeable());
  LEVADA_ASSIGN_OR_RETURN(const int number, threads_.remove(timeout));
  log_.info("a thread was removed", {{"thread", number}});
  return name_of(number);
}

std::vector<std::string> StreamsApp::Impl::stream_threads() const {
  std::vector<std::string> names;
  for (const int number : threads_.numbers()) names.push_back(name_of(number));
  return names;
}

void StreamsApp::Impl::set_paused(bool paused) {
  if (paused_.exchange(paused) == paused) return;
  log_.info(paused ? "paused" : "resumed");
  threads_.wake_up();
}

absl::Status StreamsApp::Impl::wait(const std::function<bool()>& interrupted) {
  while (!lifecycle_.has_ended() && !interrupted() && !end_of_input_reached()) {
    lifecycle_.wait_for_change(kEndCheckInterval);
  }
  return stop();
}

bool StreamsApp::Impl::end_of_input_reached() {
  if (!end_of_input_) return false;
  const absl::StatusOr<bool> reached = end_of_input_->reached();
  if (reached.ok()) {
    told_unknown_end_ = false;
  } else if (!std::exchange(told_unknown_end_, true)) {
    log_.warn("cannot tell yet how far the group is", {{"reason", reached.status().message()}});
  }
  return reached.ok() && *reached;
}

absl::Status StreamsApp::Impl::stop() {
  const std::lock_guard one_at_a_time(stop_mutex_);
  lifecycle_.begin_stop();
  topics_.stop();
  if (global_thread_.joinable()) global_loop_->wake_up();
  threads_.stop();
  if (global_thread_.joinable()) global_thread_.join();
  directory_lock_.reset();
  return lifecycle_.end();
}

AppMetrics StreamsApp::Impl::metrics() const {
  AppMetricsSum sum = threads_.metrics();
  if (global_loop_) {
    sum.add_restored(global_loop_->restored_records());
    sum.add(global_loop_->dropped());
    sum.add(global_loop_->sensors());
  }
  return sum.total();
}

absl::StatusOr<StreamsApp> StreamsApp::start(absl::StatusOr<Topology> topology, const StreamsConfig& config,
                                             StreamsAppOptions options) {
  LEVADA_RETURN_IF_ERROR(topology.status());
  LEVADA_RETURN_IF_ERROR(config.validate());
  LEVADA_RETURN_IF_ERROR(internal::check_built_as_configured(*topology, config));
  auto impl = std::make_unique<Impl>(*std::move(topology), config, std::move(options));
  LEVADA_RETURN_IF_ERROR(impl->start());
  return StreamsApp(std::move(impl));
}

StreamsApp::StreamsApp(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StreamsApp::StreamsApp(StreamsApp&&) noexcept = default;
StreamsApp& StreamsApp::operator=(StreamsApp&&) noexcept = default;
StreamsApp::~StreamsApp() = default;

AppState StreamsApp::state() const { return impl_->lifecycle().state(); }
AppMetrics StreamsApp::metrics() const { return impl_->metrics(); }
absl::StatusOr<std::string> StreamsApp::add_stream_thread() { return impl_->add_stream_thread(); }
absl::StatusOr<std::string> StreamsApp::remove_stream_thread(Duration timeout) {
  return impl_->remove_stream_thread(timeout);
}
std::vector<std::string> StreamsApp::stream_threads() const { return impl_->stream_threads(); }
void StreamsApp::pause() { impl_->set_paused(true); }
void StreamsApp::resume() { impl_->set_paused(false); }
bool StreamsApp::is_paused() const { return impl_->is_paused(); }
Cluster& StreamsApp::cluster() { return impl_->cluster(); }
absl::Status StreamsApp::wait_until_running(Duration timeout) const {
  return impl_->lifecycle().wait_until_settled(timeout);
}

absl::Status StreamsApp::wait_for_signal() {
  const TerminationSignal signal;
  return impl_->wait([&signal] { return signal.arrived(); });
}

absl::Status StreamsApp::wait_for_end() {
  return impl_->wait([] { return false; });
}

absl::Status StreamsApp::stop() { return impl_->stop(); }

}  // namespace levada
