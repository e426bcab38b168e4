// What has to be there before an application's threads can start: the cluster, the topics, the settings of each thread.
//
// Used by StreamsApp::start(), on its caller's thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include <absl/status/statusor.h>

#include <levada/core/log.h>
#include <levada/core/topology.h>
#include <levada/runtime/application_plan.h>
#include <levada/runtime/cluster.h>
#include <levada/runtime/global_thread.h>
#include <levada/runtime/stream_thread.h>
#include <levada/runtime/streams_config.h>
#include <levada/state/file_lock.h>
#include <levada/state/memory_budget.h>

namespace levada::internal {

// kInvalidArgument unless the topology is valid, and what the configuration says of topologies is true of it.
absl::Status check_built_as_configured(const Topology& topology, const StreamsConfig& config);

// The directory of the application's state, if it has stores on disk: two instances in one would wait for each other's
// tasks. An instance that is about to end is waited for until `deadline`; kFailedPrecondition then.
absl::StatusOr<std::optional<FileLock>> lock_state_directory(const Topology& topology, const StreamsConfig& config,
                                                             std::chrono::steady_clock::time_point deadline,
                                                             const Logger& log);

absl::StatusOr<std::unique_ptr<Cluster>> make_cluster(const StreamsConfig& config, const Clock& clock, Logger log);

// Creates the topics that the topology reads and writes, and that of dead letters unless it is empty, with one
// partition each: in a cluster that nobody else has.
absl::Status create_all_topics(const Topology& topology, const std::string& dead_letter_topic, Admin& admin);

// The topology with the topics that its patterns match now. Tries until `deadline` if no broker answers.
absl::StatusOr<Topology> find_topics(const Topology& topology, const StreamsConfig& config, Admin& admin,
                                     std::chrono::steady_clock::time_point deadline, const Logger& log);

// Works out the plan from the topics that are there, and creates those of the application. Tries until `deadline` if no
// broker answers. kInvalidArgument when an internal topic exists with another number of partitions.
absl::StatusOr<ApplicationPlan> prepare_topics(const Topology& topology, const StreamsConfig& config, Admin& admin,
                                               std::chrono::steady_clock::time_point deadline, const Logger& log);

// The bytes that levada.memory.max.bytes leaves to RocksDB, write buffers and queues, the clients' buffers taken off.
std::size_t budget_for_data(const StreamsConfig& config);

// The handlers are the application's own.
GlobalThreadSettings global_thread_settings(const StreamsConfig& config, const ExceptionHandlers& handlers);
// Of one of so many threads.
ThreadMemory thread_memory(const StreamsConfig& config, MemoryBudget& budget, int threads);
// What a thread shares with the others of its process.
struct ThreadSharing {
  std::optional<int> threads = std::nullopt;  // how many share the memory; else num.stream.threads
  std::string process = {};  // the id the process is known by under exactly-once, and where there are standbys
};
// Of the thread with this number, from 1.
StreamThreadSettings thread_settings(const StreamsConfig& config, MemoryBudget& budget, int number,
                                     const ThreadSharing& sharing = {});

}  // namespace levada::internal
