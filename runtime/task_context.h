// The context of one task: what its processors see of the task, and through it of the world.
// Owned by the task; used on its thread only.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include <levada/core/operator_context.h>
#include <levada/core/topology.h>
#include <levada/runtime/dropped_records.h>
#include <levada/runtime/punctuations.h>
#include <levada/runtime/store_reader.h>
#include <levada/runtime/task_errors.h>
#include <levada/runtime/task_id.h>
#include <levada/state/task_state.h>

namespace levada {

class GlobalStores;

inline const std::map<std::string, std::string>& no_app_configs() {
  static const std::map<std::string, std::string> none;
  return none;
}

// What a task stands on. All of it outlives the task.
struct TaskEnvironment {
  const std::string& application_id;
  RecordCollector& collector;
  DroppedRecords& dropped;
  const Clock& clock;
  EmitIntervals emit_intervals = {};
  const GlobalStores* global_stores = nullptr;  // null: there are none
  const ErrorPolicy& errors = strict_errors();
  const std::map<std::string, std::string>& app_configs = no_app_configs();
  StreamsMetrics* metrics = nullptr;  // null: what processors measure is nobody's
  DiskFaults* disk_faults = nullptr;  // see TaskState
};

class TaskContext final : public OperatorContext {
 public:
  // `current` is the record being processed; the stores read it, too. Both outlive the context.
  TaskContext(TaskId id, const Topology& topology, const TaskEnvironment& environment, TaskState& state,
              RecordContext& current);

  // While one exists, find_store() gives the stores of this node only.
  class BuildingNode {
   public:
    BuildingNode(TaskContext& context, const NodeSpec& node) : context_(context) { context.building_ = &node; }
    BuildingNode(const BuildingNode&) = delete;
    BuildingNode& operator=(const BuildingNode&) = delete;
    ~BuildingNode() { context_.building_ = nullptr; }

   private:
    TaskContext& context_;
  };

  TaskErrors& errors() { return errors_; }
  Punctuations& punctuations() { return punctuations_; }
  RecordContext& now() { return current_; }
  // Another way out than the environment's. It outlives the context.
  void set_collector(RecordCollector& collector) { collector_ = &collector; }
  void set_stream_time(Timestamp time) { stream_time_ = time; }
  // Where the task keeps its state; none: in memory only.
  void set_directory(std::optional<std::filesystem::path> directory) { directory_ = std::move(directory); }
  const std::map<std::string, Timestamp>& processor_times() const { return processor_times_; }
  bool take_commit_request() { return std::exchange(commit_requested_, false); }

  // Context
  PunctuationId schedule(Duration interval, PunctuationType type, std::function<void(Timestamp)> action) override;
  void cancel(PunctuationId id) override { punctuations_.cancel(id); }
  const RecordContext& record() const override { return current_; }
  Timestamp stream_time() const override { return stream_time_; }
  Timestamp wall_clock_time() const override { return environment_.clock.now(); }
  const std::string& application_id() const override { return environment_.application_id; }
  const std::string& task_id() const override { return task_id_; }
  const std::map<std::string, std::string>& app_configs() const override { return environment_.app_configs; }
  std::filesystem::path state_dir() const override;
  StreamsMetrics& metrics() override { return environment_.metrics != nullptr ? *environment_.metrics : own_metrics_; }
  void request_commit() override { commit_requested_ = true; }

  // OperatorContext
  RecordCollector& collector() override { return *collector_; }
  std::string topic_name(const std::string& name_in_topology) const override;
  void drop(DropReason reason) override { environment_.dropped.add(reason, current_); }
  const EmitIntervals& emit_intervals() const override { return environment_.emit_intervals; }
  void set_record(const RecordContext& record) override { current_ = record; }
  Timestamp& processor_time(const std::string& store) override {
    return processor_times_.try_emplace(store, kNoTimestamp).first->second;
  }

 private:
  StateStore& find_store(const std::string& name) override;
  StateStore& find_global_store(const std::string& name);

  std::string task_id_;
  const Topology& topology_;
  TaskEnvironment environment_;
  RecordCollector* collector_;
  TaskState& state_;
  std::optional<std::filesystem::path> directory_ = std::nullopt;
  RecordContext& current_;
  StreamsMetrics own_metrics_ = {};
  TaskErrors errors_;
  std::map<std::string, StoreReader> global_stores_ = {};  // the task's own views of them
  Punctuations punctuations_ = {};
  Timestamp stream_time_ = kNoTimestamp;
  std::map<std::string, Timestamp> processor_times_ = {};
  bool commit_requested_ = false;
  const NodeSpec* building_ = nullptr;
};

}  // namespace levada
