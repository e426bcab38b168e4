// What an application is told from outside: Kafka Streams' own keys, librdkafka's for the clients, and a few of
// Levada's.
//
//   StreamsConfig config;
//   config.set("application.id", "order-analytics");
//   config.set("bootstrap.servers", "localhost:9092");                  // or "embedded"
//   absl::Status read = config.load_file("app.properties");             // as Java writes them
//   config.load_environment(environ);                                   // LEVADA_NUM_STREAM_THREADS=2
//   absl::Status args = config.set_all({"num.stream.threads=4"});       // --set key=value
//   absl::Status ok = config.validate();   // "num.stream.thread (--set): there is no such key; the nearest is …"
//
// A later call replaces what an earlier one said about the same key. docs/configuration.md lists the keys.
//
// Nothing is checked until validate(), which StreamsApp calls; the readers below assume that it returned OK, and give
// the default of what is missing or malformed. A value; const access from any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/types/span.h>

#include <levada/core/build_options.h>
#include <levada/core/default_timestamp_extractor.h>
#include <levada/core/log.h>
#include <levada/core/operator_context.h>
#include <levada/core/time.h>
#include <levada/runtime/client_properties.h>
#include <levada/runtime/config_entries.h>
#include <levada/runtime/error_policy.h>
#include <levada/runtime/log_setup.h>

namespace levada {

enum class ProcessingGuarantee : std::uint8_t { kAtLeastOnce, kExactlyOnceV2 };
enum class OffsetResetPolicy : std::uint8_t { kEarliest, kLatest, kNone };

class StreamsConfig {
 public:
  void set(std::string_view key, std::string_view value);

  // kNotFound, or kInvalidArgument with file and line.
  absl::Status load_file(const std::string& path);
  // A null-terminated list of "NAME=value", as main() is given. Takes those that begin with LEVADA_ and ignores
  // LEVADA_TEST_…: the rest of the name is the key in capitals, '_' for '.', "__" for '_', "___" for '-'. The levada.
  // of Levada's own keys is not repeated: LEVADA_LOG_LEVEL.
  void load_environment(const char* const* environment);
  // Each "key=value". kInvalidArgument says which is not.
  absl::Status set_all(const std::vector<std::string>& assignments);

  // The first thing that is wrong, with key, value and source: an unknown key (with the nearest there is), a value that
  // is not of its kind, a setting that Levada must decide itself, values that contradict each other.
  absl::Status validate() const;
  // One sentence for each setting that is accepted and has no effect, for the log.
  std::vector<std::string> notes() const;
  // One line "key = value (source)" for each setting; secrets are masked.
  std::string describe() const;

  std::optional<std::string> get(std::string_view key) const;  // as it was set
  // What was set, and the defaults of what Kafka Streams and Levada know besides: what processors see.
  std::map<std::string, std::string> app_configs() const;

  std::string application_id() const;
  std::string bootstrap_servers() const;
  bool uses_embedded_cluster() const;
  std::optional<std::string> client_id() const;
  std::optional<std::string> group_instance_id() const;
  std::filesystem::path state_dir() const;

  int num_stream_threads() const;
  int num_standby_replicas() const;
  ProcessingGuarantee processing_guarantee() const;
  Duration commit_interval() const;
  Duration idle_commit_interval() const;         // commit_interval() under at-least-once
  Duration poll_timeout() const;                 // poll.ms
  Duration max_task_idle() const;                // -1 ms: never wait
  std::optional<Duration> idle_timeout() const;  // of sources that have none of their own
  bool upstream_time_enabled() const;            // tasks tell those downstream how far they have come in time
  Duration task_timeout() const;
  Duration repartition_purge_interval() const;
  Duration state_cleanup_delay() const;
  Duration windowstore_changelog_additional_retention() const;
  Duration session_timeout() const;    // of the main consumer
  bool has_consumer_protocol() const;  // group.protocol=consumer
  // How often topics are looked for that patterns match: topic.metadata.refresh.interval.ms of the main consumer.
  Duration metadata_refresh_interval() const;
  std::size_t buffered_records_per_partition() const;
  std::size_t statestore_cache_max_bytes() const;
  std::size_t memory_max_bytes() const;

  ExceptionHandler deserialization_exception_handler() const;
  ExceptionHandler processing_exception_handler() const;
  ExceptionHandler production_exception_handler() const;
  bool processing_exception_handler_global_enabled() const;
  std::string dead_letter_topic() const;  // errors.dead.letter.queue.topic.name; empty: none
  // All of these; without handlers of the application's own.
  ErrorPolicy error_policy() const;
  DefaultTimestampExtractor default_timestamp_extractor() const;
  // Kafka Streams' internal __iq.consistency.offset.vector.enabled__: changelog records say how far the store has come.
  bool iq_consistency_offset_vector_enabled() const;
  // Kafka Streams' internal __emit.interval.ms.…: how often windows that have closed, and records of outer joins that
  // found no partner, are looked for.
  EmitIntervals emit_intervals() const;
  // What to build the topology with.
  BuildOptions build_options() const;
  // Where reading a partition begins for which nothing is committed.
  OffsetResetPolicy auto_offset_reset() const;

  std::int16_t replication_factor() const;
  // The settings with "topic." in front, for internal topics.
  std::map<std::string, std::string> internal_topic_config() const;

  LogLevel log_level() const;
  LogFormat log_format() const;

  // What to make a client with: Levada's defaults, the application's settings, and what Levada decides.
  ClientProperties client_properties(ClientRole role, const ClientOptions& options = {}) const;

 private:
  void set_entry(internal::ConfigEntry entry);
  std::string value(std::string_view key) const;
  std::string value_of_either(std::string_view key, std::string_view deprecated) const;
  std::int64_t number(std::string_view key) const;
  Duration milliseconds(std::string_view key) const { return Duration(number(key)); }
  std::string choice(std::string_view key, std::string_view text) const;
  ExceptionHandler handler(std::string_view key, std::string_view text) const;
  std::optional<std::string> main_consumer(const std::string& key) const;

  internal::ConfigEntries entries_ = {};
};

}  // namespace levada
