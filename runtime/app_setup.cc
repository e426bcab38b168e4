#include <algorithm>
#include <map>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <levada/core/build_options.h>
#include <levada/core/status_macros.h>
#include <levada/runtime/app_setup.h>
#include <levada/runtime/embedded_cluster.h>
#include <levada/runtime/kafka_cluster.h>
#include <levada/runtime/pattern_topics.h>

namespace levada::internal {
namespace {

using Instant = std::chrono::steady_clock::time_point;

constexpr Duration kRequestTimeout = std::chrono::seconds(5);
constexpr Duration kShortestRequest = std::chrono::seconds(1);
constexpr Duration kCreateTimeout = std::chrono::seconds(30);
constexpr Duration kLockInterval = std::chrono::milliseconds(50);
// Downstream, time is behind by no more than this for want of records.
constexpr Duration kTimeMarkInterval = std::chrono::seconds(1);

// Parts of levada.memory.max.bytes that all clients of the application may fill with what is fetched or to be sent.
constexpr std::size_t kFetchShare = 8;
constexpr std::size_t kSendShare = 8;

// What is asked before the application runs, again and again until a broker answers or it is too late.
class FirstContact {
 public:
  FirstContact(Admin& admin, const StreamsConfig& config, Instant deadline, const Logger& log)
      : admin_(admin), servers_(config.bootstrap_servers()), deadline_(deadline), log_(log) {}

  absl::StatusOr<std::map<std::string, Partition>> describe(const std::vector<std::string>& topics) {
    return ask([&](Duration timeout) { return admin_.describe_topics(topics, timeout); });
  }
  absl::StatusOr<std::vector<std::string>> list() {
    return ask([&](Duration timeout) { return admin_.list_topics(timeout); });
  }
  absl::Status create(const std::vector<NewTopic>& topics) {
    return ask([&](Duration timeout) { return admin_.create_topics(topics, timeout); });
  }

 private:
  template <class Request>
  auto ask(Request request) -> decltype(request(Duration())) {
    for (;;) {
      auto answer = request(timeout());
      const absl::Status& status = status_of(answer);
      if (!absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status)) return answer;
      if (std::chrono::steady_clock::now() >= deadline_) return give_up(status);
      if (!std::exchange(told_, true)) {
        log_.warn("no broker answers yet", {{"bootstrap.servers", servers_}, {"reason", status.message()}});
      }
    }
  }
  Duration timeout() const {
    const auto left = std::chrono::floor<Duration>(deadline_ - std::chrono::steady_clock::now());
    return std::clamp(left, kShortestRequest, kRequestTimeout);
  }
  absl::Status give_up(const absl::Status& reason) const {
    return absl::UnavailableError(
        fmt::format("no broker of bootstrap.servers={} answers: {}", servers_, std::string(reason.message())));
  }

  Admin& admin_;
  const std::string servers_;
  const Instant deadline_;
  const Logger& log_;
  bool told_ = false;
};

absl::Status check_partitions(const std::vector<NewTopic>& wanted, const std::map<std::string, Partition>& found) {
  for (const NewTopic& topic : wanted) {
    const auto existing = found.find(topic.name);
    if (existing == found.end()) return absl::UnavailableError("internal topic " + topic.name + " was not created");
    if (existing->second == topic.partitions) continue;
    return absl::InvalidArgumentError(fmt::format(
        "internal topic {} has {} partitions, the topology needs {}: the partitions of its input have changed; reset "
        "the application (delete its internal topics) or use another application.id",
        topic.name, existing->second, topic.partitions));
  }
  return absl::OkStatus();
}

AutoOffsetReset default_reset(const StreamsConfig& config) {
  switch (config.auto_offset_reset()) {
    case OffsetResetPolicy::kEarliest:
      return AutoOffsetReset::earliest();
    case OffsetResetPolicy::kLatest:
      return AutoOffsetReset::latest();
    case OffsetResetPolicy::kNone:
      break;
  }
  return AutoOffsetReset::none();
}

// What fails must not fail for want of it.
absl::Status find_dead_letter_topic(const StreamsConfig& config, FirstContact& contact) {
  const std::string topic = config.dead_letter_topic();
  if (topic.empty()) return absl::OkStatus();
  LEVADA_ASSIGN_OR_RETURN(const auto found, contact.describe({topic}));
  if (found.contains(topic)) return absl::OkStatus();
  return absl::NotFoundError("errors.dead.letter.queue.topic.name: topic " + topic + " does not exist");
}

// Nothing can be written from there, so that there are no dead letters.
ErrorPolicy global_errors(const StreamsConfig& config, const ExceptionHandlers& handlers) {
  ErrorPolicy errors{.deserialization = config.deserialization_exception_handler(), .sends_dead_letters = false};
  errors.handlers.deserialization = handlers.deserialization;
  if (!config.processing_exception_handler_global_enabled()) return errors;
  errors.processing = config.processing_exception_handler();
  errors.handlers.processing = handlers.processing;
  return errors;
}

// Their reader and their buffer take half of what restores have, which begin when standbys end.
void add_standbys(const StreamsConfig& config, ClientOptions restore, StreamThreadSettings& settings) {
  restore.fetch_buffer_bytes /= 2;
  settings.restore_consumer = config.client_properties(ClientRole::kRestoreConsumer, restore);
  settings.restorer.buffer_bytes /= 2;
  settings.standbys = {.application_id = config.application_id(),
                       .replicas = config.num_standby_replicas(),
                       .buffer_bytes = settings.restorer.buffer_bytes,
                       .reader = settings.restore_consumer};
}

}  // namespace

absl::Status check_built_as_configured(const Topology& topology, const StreamsConfig& config) {
  const BuildOptions options = config.build_options();
  const std::optional<std::string> optimization = config.get("topology.optimization");
  if (optimization && options.optimization != topology.optimization) {
    return absl::InvalidArgumentError(
        fmt::format("topology.optimization is {}, but the topology was not built so: pass config.build_options() to "
                    "the builder's build()",
                    *optimization));
  }
  if (options.store_format != topology.store_format) {
    return absl::InvalidArgumentError(
        "the topology was not built with the dsl.store.format of the configuration: pass config.build_options() to the "
        "builder's build()");
  }
  LEVADA_RETURN_IF_ERROR(validate(topology));
  return options.ensure_explicit_internal_resource_naming ? check_explicit_names(topology) : absl::OkStatus();
}

absl::StatusOr<std::optional<FileLock>> lock_state_directory(const Topology& topology, const StreamsConfig& config,
                                                             Instant deadline, const Logger& log) {
  const auto on_disk = [](const StoreSpec& store) { return store.engine == StoreEngine::kRocksDb; };
  if (std::ranges::none_of(topology.stores, on_disk)) return std::nullopt;
  const std::filesystem::path directory = config.state_dir() / config.application_id();
  absl::StatusOr<FileLock> lock = lock_directory(directory);
  if (absl::IsFailedPrecondition(lock.status())) {
    log.warn("waits for the instance that has the state directory", {{"directory", directory.string()}});
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
  return std::optional<FileLock>(*std::move(lock));
}

absl::StatusOr<std::unique_ptr<Cluster>> make_cluster(const StreamsConfig& config, const Clock& clock, Logger log) {
  if (config.uses_embedded_cluster()) return std::make_unique<EmbeddedCluster>(clock);
  return KafkaCluster::create({{"bootstrap.servers", config.bootstrap_servers()}}, std::move(log));
}

absl::Status create_all_topics(const Topology& topology, const std::string& dead_letter_topic, Admin& admin) {
  std::vector<NewTopic> topics;
  if (!dead_letter_topic.empty()) topics.push_back({.name = dead_letter_topic});
  for (const NodeSpec& node : topology.nodes) {
    for (const std::string& topic : node.topics) {
      if (!topology.repartition_topics.contains(topic)) topics.push_back({.name = topic});
    }
  }
  return admin.create_topics(topics, kCreateTimeout);
}

absl::StatusOr<Topology> find_topics(const Topology& topology, const StreamsConfig& config, Admin& admin,
                                     Instant deadline, const Logger& log) {
  if (!reads_patterns(topology)) return topology;
  FirstContact contact(admin, config, deadline, log);
  LEVADA_ASSIGN_OR_RETURN(std::vector<std::string> existing, contact.list());
  return with_matching_topics(topology, config.application_id(), std::move(existing));
}

absl::StatusOr<ApplicationPlan> prepare_topics(const Topology& topology, const StreamsConfig& config, Admin& admin,
                                               Instant deadline, const Logger& log) {
  FirstContact contact(admin, config, deadline, log);
  LEVADA_ASSIGN_OR_RETURN(const auto sources, contact.describe(ApplicationPlan::external_sources(topology)));
  LEVADA_RETURN_IF_ERROR(find_dead_letter_topic(config, contact));
  const InternalTopicSettings settings{.application_id = config.application_id(),
                                       .topic_config = config.internal_topic_config(),
                                       .additional_retention = config.windowstore_changelog_additional_retention()};
  LEVADA_ASSIGN_OR_RETURN(ApplicationPlan plan, ApplicationPlan::make(topology, settings, sources));
  std::vector<NewTopic> topics = plan.internal_topics();
  if (topics.empty()) return plan;
  std::vector<std::string> names;
  for (NewTopic& topic : topics) {
    topic.replication_factor = config.replication_factor();
    names.push_back(topic.name);
  }
  LEVADA_RETURN_IF_ERROR(contact.create(topics));
  LEVADA_ASSIGN_OR_RETURN(const auto found, contact.describe(names));
  LEVADA_RETURN_IF_ERROR(check_partitions(topics, found));
  return plan;
}

std::size_t budget_for_data(const StreamsConfig& config) {
  const std::size_t total = config.memory_max_bytes();
  return total - total / kFetchShare - total / kSendShare;
}

GlobalThreadSettings global_thread_settings(const StreamsConfig& config, const ExceptionHandlers& handlers) {
  // A quarter is what the consumers of the threads leave of it.
  const ClientOptions client{.fetch_buffer_bytes = config.memory_max_bytes() / kFetchShare / 4};
  return {.application_id = config.application_id(),
          .directory = config.state_dir() / config.application_id() / "global",
          .poll_time = config.poll_timeout(),
          .timeout = config.task_timeout(),
          .errors = global_errors(config, handlers),
          .app_configs = config.app_configs(),
          .default_timestamp_extractor = config.default_timestamp_extractor(),
          .consumer = config.client_properties(ClientRole::kGlobalConsumer, client)};
}

ThreadMemory thread_memory(const StreamsConfig& config, MemoryBudget& budget, int threads) {
  const auto share = static_cast<std::size_t>(threads);
  ThreadMemory memory{.write_buffer_bytes = budget.write_buffers().limit() / share,
                      .queue_bytes = budget.input_queues().limit() / share / 2};
  // The record cache's own limit brings the commit forward, too; 0 turns the cache off.
  const std::size_t cache = config.statestore_cache_max_bytes();
  if (cache == 0) return memory;
  memory.write_buffer_bytes = std::min(memory.write_buffer_bytes, std::max(cache / share, std::size_t{1}));
  return memory;
}

StreamThreadSettings thread_settings(const StreamsConfig& config, MemoryBudget& budget, int number,
                                     const ThreadSharing& sharing) {
  const bool exactly_once = config.processing_guarantee() == ProcessingGuarantee::kExactlyOnceV2;
  const int count = sharing.threads.value_or(config.num_stream_threads());
  const auto threads = static_cast<std::size_t>(count);
  const ThreadMemory memory = thread_memory(config, budget, count);
  // The restorer takes what is fetched at once, and needs memory of its own to sort it.
  const ClientOptions restore_client{.thread = number,
                                     .fetch_buffer_bytes = config.memory_max_bytes() / kFetchShare / threads / 4};
  // With standbys, members of one process must be known as such, and have the same order in the group when they come
  // back: Kafka Streams' client ids have the process in them, too.
  const bool has_standbys = config.num_standby_replicas() > 0;
  const ClientOptions client{
      .process_id = has_standbys ? sharing.process : "",
      .thread = number,
      .fetch_buffer_bytes = config.memory_max_bytes() / kFetchShare / threads / 2,
      .send_buffer_bytes = config.memory_max_bytes() / kSendShare / threads,
      .transactional_id = fmt::format("{}-{}-{}", config.application_id(), sharing.process, number)};
  StreamThreadSettings settings{.application_id = config.application_id(),
                                .commit_interval = config.commit_interval(),
                                .idle_commit_interval = config.idle_commit_interval(),
                                .poll_time = config.poll_timeout(),
                                .write_buffer_bytes = memory.write_buffer_bytes,
                                .task_timeout = config.task_timeout(),
                                .exactly_once = exactly_once,
                                .keeps_partitions = config.has_consumer_protocol()};
  settings.errors = config.error_policy();
  settings.app_configs = config.app_configs();
  settings.tasks = {
      .directory = config.state_dir() / config.application_id(),
      .caching = config.statestore_cache_max_bytes() > 0,
      .default_timestamp_extractor = config.default_timestamp_extractor(),
      .position_headers = config.iq_consistency_offset_vector_enabled(),
      .reset = default_reset(config),
      .timeout = config.task_timeout(),
      .exactly_once = exactly_once,
      .max_task_idle = config.max_task_idle(),
      .idle_timeouts = {.by_default = config.idle_timeout(), .commit_interval = config.commit_interval()}};
  if (config.upstream_time_enabled()) settings.tasks.time_mark_interval = kTimeMarkInterval;
  if (config.max_task_idle() < Duration(0)) settings.loop.longest_wait = Duration(0);
  settings.loop.buffer_bytes = memory.queue_bytes;
  settings.restorer = {.application_id = config.application_id(), .buffer_bytes = memory.queue_bytes};
  settings.committer = {.application_id = config.application_id(),
                        .exactly_once = exactly_once,
                        .purge_interval = config.repartition_purge_interval()};
  settings.consumer = config.client_properties(ClientRole::kMainConsumer, client);
  settings.restore_consumer = config.client_properties(ClientRole::kRestoreConsumer, restore_client);
  settings.producer = config.client_properties(ClientRole::kProducer, client);
  settings.admin = config.client_properties(ClientRole::kAdmin, client);
  if (has_standbys) add_standbys(config, restore_client, settings);
  return settings;
}

}  // namespace levada::internal
