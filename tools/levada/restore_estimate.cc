#include "tools/levada/restore_estimate.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/core/text.h>
#include <levada/runtime/internal_topics.h>
#include <levada/state/stored_state.h>

#include "tools/levada/state_directory.h"

namespace levada {
namespace {

constexpr std::size_t kSample = 1000;
constexpr Duration kPoll(200);
constexpr int kPatientPolls = 25;

// The first records of what is to be read.
class Sample final : private RecordHandler {
 public:
  absl::Status take(Consumer& consumer, const TopicPartition& partition, Offset from) {
    from_ = from;
    const Assignment assignment = {.partition = partition, .start = from};
    LEVADA_RETURN_IF_ERROR(consumer.assign({&assignment, 1}));
    for (int polls = 0; !at_end_ && records_ < kSample && polls < kPatientPolls; ++polls) {
      LEVADA_RETURN_IF_ERROR(consumer.poll(kPoll, kSample - records_, *this));
    }
    return absl::OkStatus();
  }

  // Of `offsets` from the beginning of the sample.
  std::int64_t records(Offset offsets) const { return scaled(static_cast<double>(records_), offsets); }
  std::int64_t bytes(Offset offsets) const { return scaled(static_cast<double>(bytes_), offsets); }

 private:
  std::int64_t scaled(double sampled, Offset offsets) const {
    const Offset seen = next_ - from_;
    return seen <= 0 ? 0 : std::llround(sampled * static_cast<double>(offsets) / static_cast<double>(seen));
  }

  void on_record(std::size_t /*tag*/, const LogRecord& record) override {
    ++records_;
    bytes_ += (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
    next_ = record.offset + 1;
  }
  void on_end_of_partition(std::size_t /*tag*/, Offset next) override {
    at_end_ = true;
    next_ = next;
  }

  Offset from_ = 0;
  Offset next_ = 0;
  std::size_t records_ = 0;
  std::size_t bytes_ = 0;
  bool at_end_ = false;
};

std::optional<Partition> partition_of(const std::string& task) {
  const auto parts = internal::split(task, '_');
  if (parts.size() != 2) return std::nullopt;
  const std::optional<std::int64_t> number = internal::parse_integer(parts[1]);
  return number ? std::optional(static_cast<Partition>(*number)) : std::nullopt;
}

// The one topic that a source above the store's processor reads, where that topic is its changelog, too.
std::optional<std::string> source_topic_of(const SavedTopology& topology, const std::string& store) {
  std::set<std::string> topics;
  for (const SavedNode& user : topology.nodes) {
    if (std::ranges::find(user.stores, store) == user.stores.end()) continue;
    for (const SavedNode& source : topology.nodes) {
      const bool above = std::ranges::find(user.parents, source.name) != user.parents.end();
      if (above && source.kind == "source") topics.insert(source.topics.begin(), source.topics.end());
    }
  }
  return topics.size() == 1 ? std::optional(*topics.begin()) : std::nullopt;
}

class Estimator {
 public:
  Estimator(const RestoreRequest& request, const Connection& connection) : request_(request), connection_(connection) {}

  absl::StatusOr<std::vector<StoreRestore>> run() {
    LEVADA_ASSIGN_OR_RETURN(const auto names, connection_.admin().list_topics(connection_.timeout()));
    topics_.insert(names.begin(), names.end());
    const ClientProperties properties = connection_.config().client_properties(ClientRole::kRestoreConsumer);
    LEVADA_ASSIGN_OR_RETURN(consumer_, connection_.cluster().consumer(properties));
    absl::StatusOr<std::vector<TaskDirectory>> tasks = task_directories(request_.directory);
    if (!tasks.ok() && !(request_.all_tasks && absl::IsNotFound(tasks.status()))) return tasks.status();
    if (tasks.ok()) {
      for (const TaskDirectory& task : *tasks) LEVADA_RETURN_IF_ERROR(add_task(task));
    }
    if (request_.all_tasks) LEVADA_RETURN_IF_ERROR(add_tasks_elsewhere());
    return std::move(restores_);
  }

 private:
  absl::Status add_task(const TaskDirectory& task) {
    const std::optional<Partition> partition = partition_of(task.task);
    if (!partition) return absl::OkStatus();  // global stores read their source topic anew, by positions of their own
    LEVADA_ASSIGN_OR_RETURN(const auto state, StoredState::open(task.path));
    for (const StoredStore& store : state->stores()) {
      StoreRestore restore = {.task = task.task, .store = store.name, .checkpoint = store.changelog_offset};
      restore.changelog = changelog_of(store.name);
      if (restore.changelog) {
        LEVADA_RETURN_IF_ERROR(measure({*restore.changelog, *partition}, restore));
        seen_.insert({*restore.changelog, *partition});
      } else {
        restore.note = store.changelog_offset ? "restored from its source topic: --topology tells which"
                                              : "no changelog: nothing is restored";
      }
      restores_.push_back(std::move(restore));
    }
    return absl::OkStatus();
  }

  std::optional<std::string> changelog_of(const std::string& store) const {
    const std::string changelog = changelog_topic_name(connection_.application_id(), store);
    if (topics_.contains(changelog)) return changelog;
    if (!request_.topology) return std::nullopt;
    const std::optional<std::string> source = source_topic_of(*request_.topology, store);
    return source && topics_.contains(*source) ? source : std::nullopt;
  }

  absl::Status add_tasks_elsewhere() {
    const std::string prefix = connection_.application_id() + "-";
    constexpr std::string_view kEnd = "-changelog";
    std::vector<std::string> changelogs;
    for (const std::string& topic : topics_) {
      if (topic.starts_with(prefix) && topic.ends_with(kEnd)) changelogs.push_back(topic);
    }
    LEVADA_ASSIGN_OR_RETURN(const auto counts, connection_.admin().describe_topics(changelogs, connection_.timeout()));
    for (const auto& [topic, partitions] : counts) {
      const std::string store = topic.substr(prefix.size(), topic.size() - prefix.size() - kEnd.size());
      for (Partition partition = 0; partition < partitions; ++partition) {
        if (seen_.contains({topic, partition})) continue;
        StoreRestore restore = {
            .task = task_of(store, partition), .store = store, .changelog = topic, .note = "not on this disk"};
        LEVADA_RETURN_IF_ERROR(measure({topic, partition}, restore));
        restores_.push_back(std::move(restore));
      }
    }
    return absl::OkStatus();
  }

  std::string task_of(const std::string& store, Partition partition) const {
    if (request_.topology) {
      for (const SavedNode& node : request_.topology->nodes) {
        if (std::ranges::find(node.stores, store) != node.stores.end()) {
          return fmt::format("{}_{}", node.sub_topology, partition);
        }
      }
    }
    return fmt::format("?_{}", partition);
  }

  absl::Status measure(const TopicPartition& changelog, StoreRestore& restore) {
    LEVADA_ASSIGN_OR_RETURN(const OffsetRange range, connection_.admin().offsets(changelog, connection_.timeout()));
    restore.end = range.end;
    Offset from = std::max(range.begin, restore.checkpoint.value_or(range.begin));
    if (from > range.end) {
      restore.note = "the checkpoint is past the end, so it is of another log: all is restored";
      from = range.begin;
    }
    if (from == range.end) return absl::OkStatus();
    Sample sample;
    LEVADA_RETURN_IF_ERROR(sample.take(*consumer_, changelog, from));
    restore.records = sample.records(range.end - from);
    restore.bytes = sample.bytes(range.end - from);
    restore.seconds = static_cast<double>(restore.records) / static_cast<double>(request_.rate);
    return absl::OkStatus();
  }

  const RestoreRequest& request_;
  const Connection& connection_;
  std::unique_ptr<Consumer> consumer_ = nullptr;
  std::set<std::string> topics_ = {};
  std::set<TopicPartition> seen_ = {};
  std::vector<StoreRestore> restores_ = {};
};

}  // namespace

absl::StatusOr<std::vector<StoreRestore>> estimate_restores(const RestoreRequest& request,
                                                            const Connection& connection) {
  return Estimator(request, connection).run();
}

}  // namespace levada
