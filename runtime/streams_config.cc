#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <levada/core/duration_text.h>
#include <levada/core/status_macros.h>
#include <levada/core/text.h>
#include <levada/runtime/config_check.h>
#include <levada/runtime/config_keys.h>
#include <levada/runtime/librdkafka_keys.h>
#include <levada/runtime/streams_config.h>

namespace levada {

namespace {

using internal::ConfigEntry;
using internal::ConfigKey;
using internal::find_config_key;

constexpr std::string_view kTopicPrefix = "topic.";
constexpr std::int64_t kDefaultSessionTimeout = 45'000;
constexpr std::int64_t kDefaultMetadataRefreshInterval = 300'000;

std::filesystem::path default_state_dir() {
  std::error_code error;
  const std::filesystem::path temporary = std::filesystem::temp_directory_path(error);
  return (error ? std::filesystem::path("/tmp") : temporary) / "levada";
}

}  // namespace

void StreamsConfig::set_entry(ConfigEntry entry) {
  std::string key = entry.key;
  entries_.insert_or_assign(std::move(key), std::move(entry));
}

void StreamsConfig::set(std::string_view key, std::string_view value) {
  set_entry({.key = std::string(internal::trim(key)), .value = std::string(internal::trim(value)), .source = "code"});
}

absl::Status StreamsConfig::load_file(const std::string& path) {
  LEVADA_ASSIGN_OR_RETURN(std::vector<ConfigEntry> read, internal::read_properties_file(path));
  for (ConfigEntry& entry : read) set_entry(std::move(entry));
  return absl::OkStatus();
}

void StreamsConfig::load_environment(const char* const* environment) {
  std::vector<std::string> variables;
  for (const char* const* variable = environment; *variable != nullptr; ++variable) variables.emplace_back(*variable);
  for (ConfigEntry& entry : internal::read_environment(variables)) set_entry(std::move(entry));
}

absl::Status StreamsConfig::set_all(const std::vector<std::string>& assignments) {
  LEVADA_ASSIGN_OR_RETURN(std::vector<ConfigEntry> read, internal::parse_assignments(assignments));
  for (ConfigEntry& entry : read) set_entry(std::move(entry));
  return absl::OkStatus();
}

absl::Status StreamsConfig::validate() const { return internal::check_config(entries_); }

std::vector<std::string> StreamsConfig::notes() const { return internal::ineffective_keys(entries_); }

std::string StreamsConfig::describe() const {
  std::string text;
  for (const auto& [key, entry] : entries_) {
    const std::string_view shown = internal::is_secret_key(key) ? "********" : std::string_view(entry.value);
    text += fmt::format("{} = {} ({})\n", key, shown, entry.source);
  }
  return text;
}

std::optional<std::string> StreamsConfig::get(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? std::nullopt : std::optional(found->second.value);
}

std::map<std::string, std::string> StreamsConfig::app_configs() const {
  std::map<std::string, std::string> all;
  for (const auto& [key, entry] : entries_) all.emplace(key, entry.value);
  for (const ConfigKey& key : internal::config_keys()) {
    if (!key.default_value.empty()) all.try_emplace(std::string(key.name), key.default_value);
  }
  return all;
}

std::string StreamsConfig::value(std::string_view key) const {
  if (const std::optional<std::string> own = get(key)) return *own;
  const ConfigKey* known = find_config_key(key);
  return known == nullptr ? "" : std::string(known->default_value);
}

std::string StreamsConfig::value_of_either(std::string_view key, std::string_view deprecated) const {
  return !get(key) && get(deprecated) ? value(deprecated) : value(key);
}

std::int64_t StreamsConfig::number(std::string_view key) const {
  const std::optional<std::int64_t> own = internal::parse_integer(value(key));
  return own ? *own : internal::parse_integer(find_config_key(key)->default_value).value_or(0);
}

std::string StreamsConfig::choice(std::string_view key, std::string_view text) const {
  const ConfigKey& known = *find_config_key(key);
  return std::string(internal::canonical_choice(known, text).value_or(known.default_value));
}

std::string StreamsConfig::application_id() const { return value("application.id"); }
std::string StreamsConfig::bootstrap_servers() const { return value("bootstrap.servers"); }
bool StreamsConfig::uses_embedded_cluster() const { return bootstrap_servers() == "embedded"; }
std::optional<std::string> StreamsConfig::client_id() const { return get("client.id"); }

std::optional<std::string> StreamsConfig::main_consumer(const std::string& key) const {
  const auto own = internal::client_entries(entries_, internal::LibrdkafkaKeys(), ClientRole::kMainConsumer);
  const auto found = own.find(key);
  return found == own.end() ? std::nullopt : std::optional(found->second.value);
}

std::optional<std::string> StreamsConfig::group_instance_id() const { return main_consumer("group.instance.id"); }

std::filesystem::path StreamsConfig::state_dir() const {
  const std::optional<std::string> own = get("state.dir");
  return own && !own->empty() ? std::filesystem::path(*own) : default_state_dir();
}

int StreamsConfig::num_stream_threads() const { return static_cast<int>(number("num.stream.threads")); }
int StreamsConfig::num_standby_replicas() const { return static_cast<int>(number("num.standby.replicas")); }

ProcessingGuarantee StreamsConfig::processing_guarantee() const {
  return internal::is_exactly_once(entries_) ? ProcessingGuarantee::kExactlyOnceV2 : ProcessingGuarantee::kAtLeastOnce;
}

Duration StreamsConfig::commit_interval() const {
  if (!get("commit.interval.ms") && processing_guarantee() == ProcessingGuarantee::kExactlyOnceV2) {
    return Duration(internal::kCommitIntervalUnderExactlyOnce);
  }
  return milliseconds("commit.interval.ms");
}

Duration StreamsConfig::idle_commit_interval() const {
  if (processing_guarantee() != ProcessingGuarantee::kExactlyOnceV2) return commit_interval();
  return std::min(milliseconds("levada.idle.commit.interval.ms"), commit_interval());
}

Duration StreamsConfig::poll_timeout() const { return milliseconds("poll.ms"); }
Duration StreamsConfig::max_task_idle() const { return milliseconds("max.task.idle.ms"); }
std::optional<Duration> StreamsConfig::idle_timeout() const {
  const Duration timeout = milliseconds("levada.idle.timeout.ms");
  return timeout < Duration(0) ? std::nullopt : std::optional(timeout);
}
bool StreamsConfig::upstream_time_enabled() const {
  return internal::equals_ignoring_case(value("levada.upstream.time.enabled"), "true");
}
Duration StreamsConfig::task_timeout() const { return milliseconds("task.timeout.ms"); }
Duration StreamsConfig::repartition_purge_interval() const { return milliseconds("repartition.purge.interval.ms"); }
Duration StreamsConfig::state_cleanup_delay() const { return milliseconds("state.cleanup.delay.ms"); }

Duration StreamsConfig::windowstore_changelog_additional_retention() const {
  return milliseconds("windowstore.changelog.additional.retention.ms");
}

bool StreamsConfig::has_consumer_protocol() const { return internal::has_consumer_protocol(entries_); }

Duration StreamsConfig::session_timeout() const {
  const std::optional<std::string> own = main_consumer("session.timeout.ms");
  return Duration(own ? internal::parse_integer(*own).value_or(kDefaultSessionTimeout) : kDefaultSessionTimeout);
}

Duration StreamsConfig::metadata_refresh_interval() const {
  const std::optional<std::string> own = main_consumer("topic.metadata.refresh.interval.ms");
  const std::int64_t interval = own ? internal::parse_integer(*own).value_or(0) : 0;
  return Duration(interval > 0 ? interval : kDefaultMetadataRefreshInterval);
}

std::size_t StreamsConfig::buffered_records_per_partition() const {
  return static_cast<std::size_t>(number("buffered.records.per.partition"));
}

std::size_t StreamsConfig::statestore_cache_max_bytes() const {
  const bool deprecated = !get("statestore.cache.max.bytes") && get("cache.max.bytes.buffering");
  return static_cast<std::size_t>(number(deprecated ? "cache.max.bytes.buffering" : "statestore.cache.max.bytes"));
}

std::size_t StreamsConfig::memory_max_bytes() const {
  constexpr std::string_view kKey = "levada.memory.max.bytes";
  const auto own = parse_size(value(kKey));
  return static_cast<std::size_t>(own.ok() ? *own : parse_size(find_config_key(kKey)->default_value).value());
}

ExceptionHandler StreamsConfig::handler(std::string_view key, std::string_view text) const {
  return choice(key, text) == "log-and-continue" ? ExceptionHandler::kLogAndContinue : ExceptionHandler::kLogAndFail;
}

ExceptionHandler StreamsConfig::deserialization_exception_handler() const {
  constexpr std::string_view kKey = "deserialization.exception.handler";
  return handler(kKey, value_of_either(kKey, "default.deserialization.exception.handler"));
}

ExceptionHandler StreamsConfig::processing_exception_handler() const {
  constexpr std::string_view kKey = "processing.exception.handler";
  return handler(kKey, value(kKey));
}

ExceptionHandler StreamsConfig::production_exception_handler() const {
  constexpr std::string_view kKey = "production.exception.handler";
  return handler(kKey, value_of_either(kKey, "default.production.exception.handler"));
}

bool StreamsConfig::processing_exception_handler_global_enabled() const {
  return internal::equals_ignoring_case(value("processing.exception.handler.global.enabled"), "true");
}

std::string StreamsConfig::dead_letter_topic() const { return value("errors.dead.letter.queue.topic.name"); }

ErrorPolicy StreamsConfig::error_policy() const {
  return {.deserialization = deserialization_exception_handler(),
          .processing = processing_exception_handler(),
          .production = production_exception_handler(),
          .dead_letter_topic = dead_letter_topic()};
}

DefaultTimestampExtractor StreamsConfig::default_timestamp_extractor() const {
  const std::string extractor = choice("default.timestamp.extractor", value("default.timestamp.extractor"));
  if (extractor == "log-and-skip") return DefaultTimestampExtractor::kLogAndSkip;
  if (extractor == "use-partition-time") return DefaultTimestampExtractor::kUsePartitionTime;
  if (extractor == "wallclock") return DefaultTimestampExtractor::kWallclock;
  return DefaultTimestampExtractor::kFail;
}

bool StreamsConfig::iq_consistency_offset_vector_enabled() const {
  return internal::equals_ignoring_case(value("__iq.consistency.offset.vector.enabled__"), "true");
}

EmitIntervals StreamsConfig::emit_intervals() const {
  return {.closed_windows = milliseconds("__emit.interval.ms.kstreams.windowed.aggregation__"),
          .outer_joins = milliseconds("__emit.interval.ms.kstreams.outer.join.spurious.results.fix__")};
}

BuildOptions StreamsConfig::build_options() const {
  const ConfigKey& key = *find_config_key("topology.optimization");
  BuildOptions options;
  options.ensure_explicit_internal_resource_naming =
      internal::equals_ignoring_case(value("ensure.explicit.internal.resource.naming"), "true");
  if (choice("dsl.store.format", value("dsl.store.format")) == "HEADERS")
    options.store_format = DslStoreFormat::kHeaders;
  const std::string chosen = value(key.name);
  for (const std::string_view part : internal::split(chosen, ',')) {
    const std::string_view name = internal::canonical_choice(key, internal::trim(part)).value_or("none");
    TopologyOptimization& optimization = options.optimization;
    if (name == "all") optimization = TopologyOptimization::all();
    if (name == "reuse.ktable.source.topics") optimization.reuse_ktable_source_topics = true;
    if (name == "merge.repartition.topics") optimization.merge_repartition_topics = true;
    if (name == "single.store.self.join") optimization.single_store_self_join = true;
  }
  return options;
}

OffsetResetPolicy StreamsConfig::auto_offset_reset() const {
  const std::string policy = internal::to_lower(main_consumer("auto.offset.reset").value_or("earliest"));
  if (policy == "latest" || policy == "largest" || policy == "end") return OffsetResetPolicy::kLatest;
  return policy == "none" || policy == "error" ? OffsetResetPolicy::kNone : OffsetResetPolicy::kEarliest;
}

std::int16_t StreamsConfig::replication_factor() const {
  return static_cast<std::int16_t>(number("replication.factor"));
}

std::map<std::string, std::string> StreamsConfig::internal_topic_config() const {
  const internal::LibrdkafkaKeys keys;
  std::map<std::string, std::string> config;
  for (const auto& [key, entry] : entries_) {
    // librdkafka has keys of its own that begin so, such as topic.metadata.refresh.interval.ms.
    if (!key.starts_with(kTopicPrefix) || keys.find(key) != nullptr) continue;
    config.emplace(key.substr(kTopicPrefix.size()), entry.value);
  }
  return config;
}

LogLevel StreamsConfig::log_level() const {
  return parse_log_level(choice("levada.log.level", value("levada.log.level"))).value_or(LogLevel::kInfo);
}

LogFormat StreamsConfig::log_format() const {
  return choice("levada.log.format", value("levada.log.format")) == "json" ? LogFormat::kJson : LogFormat::kText;
}

ClientProperties StreamsConfig::client_properties(ClientRole role, const ClientOptions& options) const {
  return internal::client_properties(entries_, internal::LibrdkafkaKeys(), role, options);
}

}  // namespace levada
