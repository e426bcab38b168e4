// A task outside of any thread and cluster, for benchmarks: the whole topology, one partition of each input, the first
// if nothing else is said, stores in RocksDB; what it sends is counted and forgotten.
//
//   LoneTask task(builder.build().value());
//   for (…) task.push("orders", key, value, time);
//   task.process_all();
//   task.commit();
#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <unistd.h>

#include <levada/runtime/internal_topics.h>
#include <levada/runtime/processor_loop.h>
#include <levada/runtime/task.h>
#include <levada/state/memory_budget.h>

namespace bench {

inline void check(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
}

class CountingCollector final : public levada::RecordCollector {
 public:
  levada::SinkTopic topic(const std::string& name) override {
    return topics_.try_emplace(name, static_cast<levada::SinkTopic>(topics_.size())).first->second;
  }
  const std::string& name(levada::SinkTopic topic) const override {
    return std::ranges::find(topics_, topic, [](const auto& entry) { return entry.second; })->first;
  }
  levada::Partition partitions(levada::SinkTopic) const override { return 4; }
  void send(levada::SinkTopic, const levada::OutputRecord&) override { ++sent_; }

  std::uint64_t sent() const { return sent_; }

 private:
  std::map<std::string, levada::SinkTopic> topics_ = {};
  std::uint64_t sent_ = 0;
};

struct LoneTaskOptions {
  bool caching = true;
  levada::Partition partition = 0;
};

class LoneTask {
 public:
  explicit LoneTask(levada::Topology topology, const LoneTaskOptions& options = {})
      : partition_(options.partition),
        directory_(std::filesystem::temp_directory_path() /
                   ("levada-bench-" + std::to_string(getpid()) + "-" + std::to_string(options.partition))),
        topology_(std::move(topology)) {
    std::filesystem::remove_all(directory_);
    auto task =
        levada::Task::open(plan(options.caching), {application_id_, collector_, dropped_, clock_}, directory_, budget_);
    check(task.status());
    task_ = *std::move(task);
    check(task_->start());
    for (std::size_t i = 0; i < task_->inputs(); ++i) task_->input(i).start_at(0, levada::kNoTimestamp);
  }
  LoneTask(const LoneTask&) = delete;
  LoneTask& operator=(const LoneTask&) = delete;
  ~LoneTask() {
    task_.reset();
    std::filesystem::remove_all(directory_);
  }

  void push(levada::BytesView key, levada::BytesView value, levada::Timestamp time) {
    levada::PartitionInput& input = task_->input(0);
    input.push({key, value, time, input.fetch_position(), levada::no_headers()});
  }

  // As a thread does with what its consumer has fetched.
  void give(levada::ProcessorLoop& loop, levada::BytesView key, levada::BytesView value, levada::Timestamp time) {
    levada::PartitionInput& input = task_->input(0);
    loop.take(*task_, input, {key, value, time, input.fetch_position(), levada::no_headers()});
  }

  // Nothing more is in the log for now.
  void reach_end() { task_->input(0).reached_end(task_->input(0).fetch_position()); }

  levada::Task& task() { return *task_; }

  void process_all() {
    for (;;) {
      const absl::StatusOr<bool> ready = task_->prepare();
      check(ready.status());
      if (!*ready) return;
      check(task_->process());
      check(task_->punctuate_stream_time());
    }
  }

  void commit() {
    check(task_->prepare_commit());
    check(task_->finish_commit({}));
  }

  std::uint64_t sent() const { return collector_.sent(); }

 private:
  levada::TaskPlan plan(bool caching) const {
    levada::TaskPlan plan{.id = {.partition = partition_}, .topology = &topology_};
    for (levada::NodeId id = 0; id < topology_.nodes.size(); ++id) {
      plan.nodes.push_back(id);
      if (topology_.nodes[id].kind != levada::NodeKind::kSource) continue;
      for (const std::string& topic : topology_.nodes[id].topics) {
        plan.inputs.push_back({{levada::full_topic_name(topology_, application_id_, topic), partition_}, topic});
      }
    }
    plan.stores = topology_.stores;
    for (levada::StoreSpec& store : plan.stores) store.caching = store.caching && caching;
    return plan;
  }

  const std::string application_id_ = "bench";
  const levada::Partition partition_;
  const std::filesystem::path directory_;
  const levada::Topology topology_;
  const levada::SystemClock clock_ = {};
  levada::MemoryBudget budget_{256 << 20};
  CountingCollector collector_ = {};
  levada::DroppedRecords dropped_{levada::Logger(), clock_};
  std::unique_ptr<levada::Task> task_ = nullptr;
};

}  // namespace bench
