#include <algorithm>
#include <array>
#include <atomic>
#include <future>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <levada/runtime/kafka/client.h>
#include <levada/runtime/kafka/errors.h>

namespace levada::internal {

namespace {

using namespace std::chrono_literals;

constexpr auto kDestructionLimit = 10s;
constexpr int kScramWorksSince = 0x020601ff;

LogLevel level_of(int syslog_level, std::string_view facility) {
  if (facility == "FAIL") return LogLevel::kWarn;  // a broker that cannot be reached is tried again
  if (syslog_level <= 3) return LogLevel::kError;
  if (syslog_level == 4) return LogLevel::kWarn;
  return syslog_level <= 6 ? LogLevel::kInfo : LogLevel::kDebug;
}

// A connection that breaks during the handshake is an SSL error, too, and what a broker thinks of our certificate comes
// as a broken connection: only what is said about certificates stays so.
absl::StatusCode code_of(int error, std::string_view reason) {
  const bool broken = error == RD_KAFKA_RESP_ERR__SSL || error == RD_KAFKA_RESP_ERR__TRANSPORT;
  if (!broken) return kafka_status_code(error);
  const bool about_certificates = reason.find("certificate") != std::string_view::npos;
  return about_certificates ? absl::StatusCode::kUnauthenticated : absl::StatusCode::kUnavailable;
}

bool is_refusal(absl::StatusCode code) {
  return code == absl::StatusCode::kUnauthenticated || code == absl::StatusCode::kPermissionDenied ||
         code == absl::StatusCode::kNotFound;
}

// Kafka 4 refuses the right password of librdkafka's older SCRAM, in the words it has for a wrong one.
std::string with_hint(std::string_view failure) {
  const bool old_scram = failure.find("SCRAM") != std::string_view::npos && rd_kafka_version() < kScramWorksSince;
  if (!old_scram) return std::string(failure);
  return fmt::format("{}; SCRAM with Kafka 4 needs librdkafka 2.6.1 or newer, this is {}", failure,
                     rd_kafka_version_str());
}

// The same properties go to every kind of client, so that some are not for this one is no news.
bool is_noise(std::string_view facility, std::string_view text) {
  return facility == "CONFWARN" && text.find("will be ignored by this") != std::string_view::npos;
}

// Brokers close what has been idle, and what they have when they end: those that stay away are told of by who tries to
// reach them. What librdkafka guesses ("Disconnected: …", "Disconnected while …") is for errors that nothing else
// explains.
bool is_closed_connection(std::string_view facility, std::string_view text) {
  return facility == "FAIL" && text.find("Disconnected") != std::string_view::npos;
}

// librdkafka tells of it nowhere else.
bool is_lost_session(std::string_view facility) { return facility == "SESSTMOUT"; }

bool explains_failures(std::string_view facility, std::string_view text) {
  return facility == "FAIL" && text.find("Disconnected (") == std::string_view::npos;
}

}  // namespace

struct KafkaClient::Context {
  Logger log;
  ClientEvents* events = nullptr;
  std::atomic<bool> muted = false;              // the client was given up: nobody must hear of it
  std::atomic<bool> session_timed_out = false;  // since the last assignment

  mutable std::mutex mutex;
  std::string last_failure;             // guarded by mutex
  std::optional<absl::Status> refusal;  // guarded by mutex
};

namespace {

KafkaClient::Context& context_of(void* opaque) { return *static_cast<KafkaClient::Context*>(opaque); }

void on_log(const rd_kafka_t* handle, int level, const char* facility, const char* text) {
  KafkaClient::Context& context = context_of(rd_kafka_opaque(handle));
  if (context.muted.load() || is_noise(facility, text)) return;
  if (explains_failures(facility, text)) {
    const std::lock_guard lock(context.mutex);
    context.last_failure = text;
  }
  if (is_closed_connection(facility, text)) return;
  if (is_lost_session(facility)) context.session_timed_out.store(true);
  context.log.log(level_of(level, facility), text, {{"client", rd_kafka_name(handle)}, {"facility", facility}});
}

void on_error(rd_kafka_t* handle, int error, const char* reason, void* opaque) {
  KafkaClient::Context& context = context_of(opaque);
  if (context.muted.load()) return;
  if (const absl::StatusCode code = code_of(error, reason); is_refusal(code)) {
    const std::lock_guard lock(context.mutex);
    context.refusal = absl::Status(code, with_hint(reason));
  }
  const bool expected = error == RD_KAFKA_RESP_ERR__TRANSPORT || error == RD_KAFKA_RESP_ERR__RESOLVE;
  if (expected) return;  // on_log has it
  const LogLevel level = error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ? LogLevel::kWarn : LogLevel::kError;
  context.log.log(level, reason,
                  {{"client", rd_kafka_name(handle)}, {"error", rd_kafka_err2name(rd_kafka_resp_err_t(error))}});
}

void on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t kind, rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  if (ClientEvents* events = context_of(opaque).events) events->on_rebalance(kind, partitions);
}

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  ClientEvents* events = context_of(opaque).events;
  if (events != nullptr && message->err != RD_KAFKA_RESP_ERR_NO_ERROR) events->on_delivery_failure(message);
}

void set_callbacks(rd_kafka_conf_t* conf, ClientKind kind, KafkaClient::Context* context) {
  rd_kafka_conf_set_opaque(conf, context);
  rd_kafka_conf_set_log_cb(conf, on_log);
  rd_kafka_conf_set_error_cb(conf, on_error);
  if (kind == ClientKind::kConsumer) rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
  if (kind == ClientKind::kProducer) rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaClient>> KafkaClient::create(ClientConfig config, const Logger& log) {
  auto context = std::make_unique<Context>();
  context->log = log;
  set_callbacks(config.conf(), config.kind(), context.get());
  const rd_kafka_type_t type = config.kind() == ClientKind::kConsumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER;
  std::array<char, 512> reason = {};
  rd_kafka_t* handle = rd_kafka_new(type, config.conf(), reason.data(), reason.size());
  if (handle == nullptr) return absl::InvalidArgumentError(fmt::format("Kafka client: {}", reason.data()));
  (void)config.release_conf();  // it is the client's now
  return std::unique_ptr<KafkaClient>(new KafkaClient(std::move(context), handle));
}

KafkaClient::KafkaClient(std::unique_ptr<Context> context, rd_kafka_s* handle)
    : context_(std::move(context)), handle_(handle) {}

KafkaClient::~KafkaClient() {
  context_->events = nullptr;
  if (abandoned_) {
    give_up();
    return;
  }
  const std::string name = rd_kafka_name(handle_);
  std::promise<void> promise;
  const std::future<void> done = promise.get_future();
  std::thread destroyer([handle = handle_, promise = std::move(promise)]() mutable {
    rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    promise.set_value();
  });
  if (done.wait_for(kDestructionLimit) == std::future_status::ready) {
    destroyer.join();
    return;
  }
  context_->log.error("librdkafka does not end this client: it is given up with its memory and threads",
                      {{"client", name}});
  give_up();
  destroyer.detach();
}

// librdkafka's threads may still look at the context.
void KafkaClient::give_up() {
  context_->muted.store(true);
  (void)context_.release();
}

bool KafkaClient::call_in_time(std::string_view what, Duration limit, absl::AnyInvocable<void()> call) {
  std::packaged_task<void()> task(std::move(call));
  const std::future<void> done = task.get_future();
  std::thread caller(std::move(task));
  if (done.wait_for(limit) == std::future_status::ready) {
    caller.join();
    return true;
  }
  caller.detach();
  abandoned_ = true;
  context_->log.error("a call of librdkafka does not come back: this client is given up with its memory and threads",
                      {{"client", rd_kafka_name(handle_)}, {"call", what}});
  return false;
}

const Logger& KafkaClient::log() const { return context_->log; }

void KafkaClient::set_events(ClientEvents* events) { context_->events = events; }

absl::Status KafkaClient::status(int error, std::string_view what, std::string_view detail) const {
  return explained(kafka_status(error, what, detail));
}

absl::Status KafkaClient::status(const rd_kafka_error_s* error, std::string_view what) const {
  return explained(kafka_status(error, what));
}

absl::Status KafkaClient::explained(absl::Status status) const {
  if (!absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status)) return status;
  if (rd_kafka_type(handle_) == RD_KAFKA_PRODUCER) rd_kafka_poll(handle_, 0);  // error_cb may have something to tell
  if (std::optional<absl::Status> refused = take_refusal()) return *std::move(refused);
  const std::lock_guard lock(context_->mutex);
  if (context_->last_failure.empty()) return status;
  return {status.code(), fmt::format("{}; last failure: {}", std::string(status.message()), context_->last_failure)};
}

std::optional<absl::Status> KafkaClient::take_refusal() const {
  const std::lock_guard lock(context_->mutex);
  return std::exchange(context_->refusal, std::nullopt);
}

absl::Status KafkaClient::fatal_status() const {
  if (abandoned_) return absl::FailedPreconditionError("the client was given up");
  std::array<char, 512> reason = {};
  const rd_kafka_resp_err_t error = rd_kafka_fatal_error(handle_, reason.data(), reason.size());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format("{} ({})", reason.data(), rd_kafka_err2name(error)));
}

bool KafkaClient::has_fenced_itself() const {
  const bool fenced = rd_kafka_fatal_error(handle_, nullptr, 0) == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID;
  return fenced && context_->session_timed_out.load();
}

bool KafkaClient::instance_id_is_taken() const {
  return rd_kafka_fatal_error(handle_, nullptr, 0) == kUnreleasedInstanceId;
}

void KafkaClient::begin_session() const { context_->session_timed_out.store(false); }

int to_milliseconds(Duration duration) {
  const Duration::rep count = duration.count();
  return static_cast<int>(std::clamp<Duration::rep>(count, 0, std::numeric_limits<int>::max()));
}

}  // namespace levada::internal
