#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/shutdown_request.h>

namespace levada {
namespace {

constexpr std::string_view kSuffix = "-shutdown-requested";
constexpr Duration kRound = std::chrono::milliseconds(50);
constexpr Duration kRequestTimeout = std::chrono::seconds(1);

bool asks_for_shutdown(const GroupMember& member) { return member.client_id.ends_with(kSuffix); }

// Takes part in the group and reads nothing.
class Announcer final : private RebalanceListener, private RecordHandler {
 public:
  explicit Announcer(std::unique_ptr<Consumer> consumer) : consumer_(std::move(consumer)) {}

  absl::Status join(const std::vector<std::string>& topics) { return consumer_->subscribe(topics, *this); }
  absl::Status run_once() {
    LEVADA_RETURN_IF_ERROR(consumer_->poll(kRound, 0, *this));
    if (!std::exchange(assigned_, false)) return absl::OkStatus();
    return consumer_->assign({});
  }

 private:
  void on_assigned(const std::vector<TopicPartition>&) override { assigned_ = true; }
  void on_revoked(const std::vector<TopicPartition>&) override {}
  void on_lost(const std::vector<TopicPartition>&) override {}
  void on_record(std::size_t, const LogRecord&) override {}
  void on_end_of_partition(std::size_t, Offset) override {}

  bool assigned_ = false;
  std::unique_ptr<Consumer> consumer_;
};

// Another client id, and a dynamic member: it shall be gone when it goes.
ClientProperties as_announcer(const ClientProperties& properties) {
  ClientProperties own;
  for (const auto& [key, value] : properties) {
    if (key == "group.instance.id") continue;
    own.emplace_back(key, key == "client.id" ? value + std::string(kSuffix) : value);
  }
  return own;
}

}  // namespace

absl::Status ShutdownRequest::look() {
  if (!changed_.load(std::memory_order_relaxed) || !changed_.exchange(false)) return absl::OkStatus();
  const std::lock_guard lock(mutex_);
  if (admin_ == nullptr) {
    LEVADA_ASSIGN_OR_RETURN(admin_, cluster_.admin(settings_.admin));
  }
  const absl::StatusOr<GroupDescription> group = admin_->describe_group(settings_.group, kRequestTimeout);
  if (!group.ok()) {
    changed_.store(true);
    return absl::OkStatus();
  }
  if (std::ranges::none_of(group->members, asks_for_shutdown)) return absl::OkStatus();
  return absl::CancelledError("another instance has asked all of them to stop");
}

absl::Status ShutdownRequest::ask(Duration timeout) {
  LEVADA_ASSIGN_OR_RETURN(const auto admin, cluster_.admin(settings_.admin));
  LEVADA_ASSIGN_OR_RETURN(auto consumer, cluster_.consumer(as_announcer(settings_.consumer)));
  Announcer announcer(std::move(consumer));
  LEVADA_RETURN_IF_ERROR(announcer.join(settings_.topics));
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::size_t others = 1;
  while (std::chrono::steady_clock::now() < deadline) {
    LEVADA_RETURN_IF_ERROR(announcer.run_once());
    const auto group = admin->describe_group(settings_.group, kRequestTimeout);
    if (!group.ok()) continue;
    const auto asking = std::ranges::count_if(group->members, asks_for_shutdown);
    others = group->members.size() - static_cast<std::size_t>(asking);
    if (asking > 0 && others == 0) return absl::OkStatus();
  }
  return absl::DeadlineExceededError(fmt::format("{} members of group {} have not stopped", others, settings_.group));
}

}  // namespace levada
