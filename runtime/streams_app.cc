#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include <levada/core/errors.h>
#include <levada/core/status_macros.h>
#include <levada/runtime/app_setup.h>
#include <levada/runtime/end_of_input.h>
#include <levada/runtime/pattern_topics.h>
#include <levada/runtime/plan_history.h>
#include <levada/runtime/process_id.h>
#include <levada/runtime/shutdown_request.h>
#include <levada/runtime/stream_threads.h>
#include <levada/runtime/streams_app.h>
#include <levada/runtime/termination_signal.h>
#include <levada/state/file_lock.h>

namespace levada {
namespace {

constexpr Duration kEndCheckInterval = std::chrono::milliseconds(100);
constexpr Duration kLockInterval = std::chrono::milliseconds(50);
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
  absl::Status wait_until_running(Duration timeout);
  AppState state() const;
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
  absl::Status lock_state_directory(std::chrono::steady_clock::time_point deadline);
  absl::Status start_global_thread();
  absl::Status start_threads();
  StreamThreadsOptions thread_options();
  absl::StatusOr<std::unique_ptr<StreamThread>> make_thread(int number, int threads);
  std::string name_of(int number) const;
  absl::Status check_changeable() const;
  absl::Status make_plan(Admin& admin, std::chrono::steady_clock::time_point deadline);
  void watch_topics();
  absl::Status look_for_topics();
  void run(GlobalThread& loop);
  void on_thread_state(ThreadState state);
  void note_running();
  UncaughtExceptionResponse on_thread_failure(const absl::Status& failure);
  void stop_application();
  void set_state(AppState state);
  void fail(const absl::Status& error);
  const GlobalStores* global_stores() const { return global_loop_ ? &global_loop_->stores() : nullptr; }
  bool has_ended() const;
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
  PlanHistory plans_ = {};
  std::optional<ProcessId> process_ = std::nullopt;
  std::optional<EndOfInput> end_of_input_ = std::nullopt;
  bool told_unknown_end_ = false;
  std::unique_ptr<GlobalThread> global_loop_ = nullptr;  // its stores outlive the tasks of the workers
  std::thread global_thread_ = {};
  std::thread topic_watch_ = {};
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> paused_ = false;
  std::optional<ShutdownRequest> shutdown_ = std::nullopt;  // if there is a handler that may ask for it

  mutable std::mutex mutex_ = {};
  mutable std::condition_variable changed_ = {};
  AppState state_ = AppState::kCreated;
  absl::Status error_ = {};

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
    set_state(AppState::kNotRunning);
    return prepared;
  }
  set_state(AppState::kRebalancing);
  const absl::Status global = start_global_thread();
  if (!global.ok()) {
    fail(global);
    return stop();
  }
  return start_threads();
}

absl::Status StreamsApp::Impl::prepare() {
  const auto deadline = std::chrono::steady_clock::now() + options_.start_timeout;
  LEVADA_RETURN_IF_ERROR(lock_state_directory(deadline));
  if (options_.cluster == nullptr) {
    LEVADA_ASSIGN_OR_RETURN(own_cluster_, internal::make_cluster(config_, clock_, log_));
  }
  cluster_ = options_.cluster != nullptr ? options_.cluster : own_cluster_.get();
  LEVADA_ASSIGN_OR_RETURN(admin_, cluster_->admin(config_.client_properties(ClientRole::kAdmin)));
  if (own_cluster_ != nullptr && config_.uses_embedded_cluster()) {
    LEVADA_RETURN_IF_ERROR(internal::create_all_topics(topology_, config_.dead_letter_topic(), *admin_));
  }
  LEVADA_RETURN_IF_ERROR(make_plan(*admin_, deadline));
  if (!options_.stop_at_end) return absl::OkStatus();
  end_of_input_.emplace(config_.application_id(), plans_.newest(), *admin_);
  return end_of_input_->note_inputs();
}

// Two instances in one directory would wait for each other's tasks. One that is about to end is waited for.
absl::Status StreamsApp::Impl::lock_state_directory(std::chrono::steady_clock::time_point deadline) {
  const auto on_disk = [](const StoreSpec& store) { return store.engine == StoreEngine::kRocksDb; };
  if (std::ranges::none_of(topology_.stores, on_disk)) return absl::OkStatus();
  const std::filesystem::path directory = config_.state_dir() / config_.application_id();
  absl::StatusOr<FileLock> lock = lock_directory(directory);
  if (absl::IsFailedPrecondition(lock.status())) {
    log_.warn("waits for the instance that has the state directory", {{"directory", directory.string()}});
  }
  while (absl::IsFailedPrecondition(lock.status()) && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(kLockInterval);
    lock = lock_directory(directory);
  }
  if (absl::IsFailedPrecondition(lock.status())) {
    return absl::FailedPreconditionError(std::string(lock.status().message()) +
                                         "; give each instance on a machine a state.dir of its own");
  }
  LEVADA_RETURN_IF_ERROR(lock.status());
  directory_lock_ = *std::move(lock);
  return absl::OkStatus();
}

// Nothing is processed before the global stores have what their topics have now.
absl::Status StreamsApp::Impl::start_global_thread() {
  if (plans_.newest().global_tasks().empty()) return absl::OkStatus();
  LEVADA_ASSIGN_OR_RETURN(global_loop_,
                          GlobalThread::create(internal::global_thread_settings(config_, options_.exception_handlers),
                                               {.plan = plans_.newest(),
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
  if (config_.processing_guarantee() == ProcessingGuarantee::kExactlyOnceV2) {
    process_.emplace(ProcessId::claim(config_.state_dir() / config_.application_id()));
  }
  if (options_.uncaught_exception_handler) {
    shutdown_.emplace(*cluster_,
                      ShutdownRequestSettings{.group = config_.application_id(),
                                              .topics = plans_.newest().source_topics(),
                                              .consumer = config_.client_properties(ClientRole::kMainConsumer),
                                              .admin = config_.client_properties(ClientRole::kAdmin)});
  }
  const absl::Status started = threads_.start(config_.num_stream_threads());
  if (!started.ok()) {
    fail(started);
    return stop();
  }
  if (reads_patterns(topology_)) topic_watch_ = std::thread([this] { watch_topics(); });
  return absl::OkStatus();
}

StreamThreadsOptions StreamsApp::Impl::thread_options() {
  return {.make = [this](int number, int threads) { return make_thread(number, threads); },
          .memory = [this](int threads) { return internal::thread_memory(config_, budget_, threads); },
          .between_rounds = [this] { return shutdown_ ? shutdown_->look() : absl::OkStatus(); },
          .on_failure = [this](const absl::Status& failure) { return on_thread_failure(failure); },
          .fail = [this](const absl::Status& failure) { fail(failure); },
          .stop_application = [this] { stop_application(); },
          .on_change = [this] { note_running(); }};
}

absl::StatusOr<std::unique_ptr<StreamThread>> StreamsApp::Impl::make_thread(int number, int threads) {
  const internal::ThreadSharing sharing{.threads = threads, .process = process_ ? process_->text() : ""};
  StreamThreadSettings settings = internal::thread_settings(config_, budget_, number, sharing);
  settings.commit_when_idle = options_.stop_at_end;
  settings.errors.handlers = options_.exception_handlers;
  return StreamThread::create(std::move(settings), {.plan = plans_.newest(),
                                                    .cluster = *cluster_,
                                                    .budget = budget_,
                                                    .clock = clock_,
                                                    .log = log_.with({{"thread", number}}),
                                                    .restore_listener = options_.restore_listener,
                                                    .plans = reads_patterns(topology_) ? &plans_ : nullptr,
                                                    .global_stores = global_stores(),
                                                    .on_state = [this](ThreadState now) { on_thread_state(now); },
                                                    .paused = &paused_});
}

absl::Status StreamsApp::Impl::make_plan(Admin& admin, std::chrono::steady_clock::time_point deadline) {
  LEVADA_ASSIGN_OR_RETURN(Topology found, internal::find_topics(topology_, config_, admin, deadline, log_));
  return plans_.add(std::move(found), [&](const Topology& topology) {
    return internal::prepare_topics(topology, config_, admin, deadline, log_);
  });
}

void StreamsApp::Impl::watch_topics() {
  const auto stopped = [this] { return stopping_.load(); };
  while (!stopped()) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, config_.metadata_refresh_interval(), stopped);
    }
    if (stopped()) return;
    const absl::Status looked = look_for_topics();
    if (!looked.ok()) log_.warn("cannot use the topics there are now", {{"reason", looked.message()}});
  }
}

absl::Status StreamsApp::Impl::look_for_topics() {
  LEVADA_ASSIGN_OR_RETURN(const auto admin, cluster_->admin(config_.client_properties(ClientRole::kAdmin)));
  const auto now = std::chrono::steady_clock::now();
  LEVADA_ASSIGN_OR_RETURN(const Topology found, internal::find_topics(topology_, config_, *admin, now, log_));
  if (ApplicationPlan::external_sources(found) == plans_.newest().external_sources()) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(make_plan(*admin, now));
  log_.info("other topics match now");
  threads_.wake_up();
  return absl::OkStatus();
}

void StreamsApp::Impl::run(GlobalThread& loop) {
  absl::Status status;
  while (status.ok() && !stopping_.load(std::memory_order_relaxed)) status = loop.run_once();
  if (!status.ok()) fail(status);
}

void StreamsApp::Impl::fail(const absl::Status& error) {
  log_.error("a thread has failed; the application stops", {{"reason", error.message()}});
  {
    const std::lock_guard lock(mutex_);
    if (error_.ok()) error_ = error;
  }
  stopping_.store(true);
  set_state(AppState::kPendingError);
}

void StreamsApp::Impl::on_thread_state(ThreadState state) {
  if (shutdown_ && state == ThreadState::kPartitionsAssigned) shutdown_->note_group_change();
  note_running();
}

void StreamsApp::Impl::note_running() {
  const AppState now = state();
  if (now != AppState::kRunning && now != AppState::kRebalancing) return;
  set_state(threads_.all_running() ? AppState::kRunning : AppState::kRebalancing);
}

UncaughtExceptionResponse StreamsApp::Impl::on_thread_failure(const absl::Status& failure) {
  UncaughtExceptionResponse response = UncaughtExceptionResponse::kShutdownClient;
  const bool asked = options_.uncaught_exception_handler && !stopping_.load() && !absl::IsCancelled(failure);
  try {
    if (asked) response = options_.uncaught_exception_handler(failure);
  } catch (...) {
    log_.error("the handler of uncaught exceptions has failed", {{"reason", current_exception_text()}});
  }
  if (response == UncaughtExceptionResponse::kReplaceThread) {
    log_.warn("a thread has failed and is replaced", {{"reason", failure.message()}});
  } else {
    fail(failure);
  }
  return response;
}

// From the thread that failed, when it has left.
void StreamsApp::Impl::stop_application() {
  const absl::Status stopped = shutdown_->ask(kShutdownTimeout);
  if (!stopped.ok()) log_.warn("not all instances have stopped", {{"reason", stopped.message()}});
}

absl::Status StreamsApp::Impl::check_changeable() const {
  const AppState now = state();
  if (now == AppState::kRunning || now == AppState::kRebalancing) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("threads can be added and removed while the application runs: it is {}", to_string(now)));
}

std::string StreamsApp::Impl::name_of(int number) const {
  return fmt::format("{}-StreamThread-{}", config_.client_id().value_or(config_.application_id()), number);
}

absl::StatusOr<std::string> StreamsApp::Impl::add_stream_thread() {
  LEVADA_RETURN_IF_ERROR(check_changeable());
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

void StreamsApp::Impl::set_state(AppState state) {
  AppState before;
  {
    const std::lock_guard lock(mutex_);
    const bool ending = state_ == AppState::kPendingError || state_ == AppState::kPendingShutdown;
    if (ending && (state == AppState::kRunning || state == AppState::kRebalancing)) return;
    before = std::exchange(state_, state);
  }
  changed_.notify_all();
  if (before == state) return;
  log_.info("state", {{"state", to_string(state)}, {"before", to_string(before)}});
  if (options_.state_listener) options_.state_listener(state, before);
}

AppState StreamsApp::Impl::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

bool StreamsApp::Impl::has_ended() const {
  const AppState now = state();
  return now == AppState::kNotRunning || now == AppState::kError || now == AppState::kPendingError;
}

absl::Status StreamsApp::Impl::wait_until_running(Duration timeout) {
  std::unique_lock lock(mutex_);
  const auto settled = [this] { return state_ != AppState::kCreated && state_ != AppState::kRebalancing; };
  if (!changed_.wait_for(lock, timeout, settled)) {
    return absl::DeadlineExceededError("the application is still " + std::string(to_string(state_)));
  }
  return error_;
}

absl::Status StreamsApp::Impl::wait(const std::function<bool()>& interrupted) {
  while (!has_ended() && !interrupted() && !end_of_input_reached()) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kEndCheckInterval);
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
  {
    const std::lock_guard lock(mutex_);  // so that the watch cannot miss it
    stopping_.store(true);
  }
  changed_.notify_all();
  if (topic_watch_.joinable()) topic_watch_.join();
  if (!has_ended()) set_state(AppState::kPendingShutdown);
  if (global_thread_.joinable()) global_loop_->wake_up();
  threads_.stop();
  if (global_thread_.joinable()) global_thread_.join();
  absl::Status error;
  {
    const std::lock_guard lock(mutex_);
    error = error_;
    directory_lock_.reset();
  }
  set_state(error.ok() ? AppState::kNotRunning : AppState::kError);
  return error;
}

AppMetrics StreamsApp::Impl::metrics() const {
  AppMetricsSum sum = threads_.metrics();
  if (global_loop_) {
    sum.add_restored(global_loop_->restored_records());
    sum.add(global_loop_->dropped());
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

AppState StreamsApp::state() const { return impl_->state(); }
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
absl::Status StreamsApp::wait_until_running(Duration timeout) const { return impl_->wait_until_running(timeout); }

absl::Status StreamsApp::wait_for_signal() {
  const TerminationSignal signal;
  return impl_->wait([&signal] { return signal.arrived(); });
}

absl::Status StreamsApp::wait_for_end() {
  return impl_->wait([] { return false; });
}

absl::Status StreamsApp::stop() { return impl_->stop(); }

}  // namespace levada
