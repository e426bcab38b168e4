#include <utility>

#include <absl/cleanup/cleanup.h>
#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/app_setup.h>
#include <levada/runtime/patience.h>
#include <levada/runtime/simulation/instance.h>
#include <levada/runtime/simulation/state_directories.h>
#include <levada/runtime/simulation/world.h>

namespace levada::internal {
namespace {

constexpr std::size_t kMemory = 64 << 20;
constexpr Duration kLongestDown = std::chrono::seconds(6);

}  // namespace

SimulatedInstance::SimulatedInstance(SimulatedWorld& world, std::string name)
    : world_(world),
      name_(std::move(name)),
      directory_(world.directory() / name_ / world.application_id()),
      log_(world.trace(), name_),
      budget_(kMemory) {}

SimulatedInstance::~SimulatedInstance() {
  if (alive_) crash();
}

SimulatedInstance::Time SimulatedInstance::after(Duration time) const { return world_.clock().steady_now() + time; }

absl::Status SimulatedInstance::start() {
  in_round_ = true;
  const absl::Cleanup done = [this] { in_round_ = false; };
  clusters_.push_back(std::make_unique<UnreliableCluster>(world_.seen_cluster(), [this](const ClusterRequest& request) {
    return world_.on_request(*this, cluster(), request);
  }));
  cluster().set_reachable(cut_until_ <= world_.clock().steady_now());
  alive_ = true;
  if (world_.plan().global_tasks().empty()) return start_threads();
  const StreamsConfig config = world_.config(name_);
  GlobalThreadSettings settings = global_thread_settings(config, {});
  if (!world_.options().on_disk) settings.directory = std::nullopt;
  auto global = GlobalThread::create(std::move(settings), {.plan = world_.plan(),
                                                           .cluster = cluster(),
                                                           .budget = budget_,
                                                           .clock = world_.clock(),
                                                           .log = Logger(log_, LogLevel::kInfo),
                                                           .disk_faults = this});
  if (global.ok()) {
    global_ = *std::move(global);
    return absl::OkStatus();
  }
  const bool passes = Patience::may_pass(global.status()) || cluster().is_dead();
  crash();
  return passes ? absl::OkStatus() : global.status();
}

absl::Status SimulatedInstance::start_threads() {
  const StreamsConfig config = world_.config(name_);
  const int count = config.num_stream_threads();
  for (int number = 1; number <= count; ++number) {
    StreamThreadSettings settings =
        thread_settings(config, budget_, number, {.process = fmt::format("{}-{}", name_, disks_)});
    if (!world_.options().on_disk) settings.tasks.directory = std::nullopt;
    LEVADA_ASSIGN_OR_RETURN(
        auto thread, StreamThread::create(std::move(settings), {.plan = world_.plan(),
                                                                .cluster = cluster(),
                                                                .budget = budget_,
                                                                .clock = world_.clock(),
                                                                .log = Logger(log_, LogLevel::kInfo),
                                                                .global_stores = global_ ? &global_->stores() : nullptr,
                                                                .disk_faults = this}));
    LEVADA_RETURN_IF_ERROR(thread->join());
    threads_.push_back(std::move(thread));
  }
  return absl::OkStatus();
}

absl::Status SimulatedInstance::round() {
  const Time now = world_.clock().steady_now();
  if (!alive_ || in_round_ || stalled_until_ > now) return absl::OkStatus();
  cluster().set_reachable(cut_until_ <= now);
  in_round_ = true;
  const absl::Cleanup done = [this] { in_round_ = false; };
  const absl::Status status = run_threads();
  if (cluster().is_dead()) {
    crash();
    return absl::OkStatus();
  }
  if (!status.ok()) return {status.code(), fmt::format("{} ends by itself: {}", name_, std::string(status.message()))};
  if (world_.random().below(2) == 0) cluster().deliver();
  return absl::OkStatus();
}

absl::Status SimulatedInstance::run_threads() {
  if (global_ != nullptr) {
    LEVADA_RETURN_IF_ERROR(global_->run_once());
    if (!global_->restored()) return absl::OkStatus();
    if (threads_.empty()) LEVADA_RETURN_IF_ERROR(start_threads());
  }
  for (const auto& thread : threads_) {
    LEVADA_RETURN_IF_ERROR(thread->run_once());
  }
  return absl::OkStatus();
}

void SimulatedInstance::crash() {
  cluster().die();
  go_down();
  world_.after_crash(*this);
}

absl::Status SimulatedInstance::stop() {
  in_round_ = true;
  const absl::Cleanup done = [this] { in_round_ = false; };
  absl::Status left;
  for (const auto& thread : threads_) left.Update(thread->leave());
  if (cluster().is_dead()) {
    crash();
  } else {
    go_down();
  }
  return left;
}

void SimulatedInstance::go_down() {
  for (const auto& thread : threads_) restored_ += thread->metrics().restored;
  threads_.clear();
  global_.reset();
  alive_ = false;
  down_until_ = after(world_.random().between(Duration(0), kLongestDown));
}

bool SimulatedInstance::may_start() const {
  return !alive_ && !in_round_ && down_until_ <= world_.clock().steady_now();
}

void SimulatedInstance::stall(Duration time) { stalled_until_ = after(time); }
void SimulatedInstance::cut_off(Duration time) { cut_until_ = after(time); }
void SimulatedInstance::fill_disk(Duration time) { full_until_ = after(time); }

void SimulatedInstance::heal() {
  stalled_until_ = cut_until_ = full_until_ = down_until_ = world_.clock().steady_now();
}

void SimulatedInstance::lose_directory() {
  std::filesystem::remove_all(directory_);
  ++disks_;
}

absl::Status SimulatedInstance::before_write(const std::filesystem::path& directory) {
  if (cluster().is_dead()) return absl::UnavailableError("the instance was killed");
  if (full_until_ > world_.clock().steady_now()) return absl::ResourceExhaustedError("the disk is full");
  return world_.on_write(*this, cluster(), directory.filename().string());
}

}  // namespace levada::internal
