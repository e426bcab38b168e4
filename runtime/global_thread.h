// Fills the global stores from their topics: a consumer of all partitions, in no group, and one loop.
//
//   ASSIGN_OR_RETURN(auto thread, GlobalThread::create(settings, environment));
//   while (!thread->restored()) RETURN_IF_ERROR(thread->run_once());          // before any task reads
//   … hand thread->stores() to the tasks …
//   while (!stopping) RETURN_IF_ERROR(thread->run_once());
//
// What was there when it began has been read once it is restored. It starts no thread and reads no clock of its own:
// whoever calls run_once() is the thread. wake_up() may be called from any thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/runtime/application_plan.h>
#include <levada/runtime/cluster.h>
#include <levada/runtime/dropped_records.h>
#include <levada/runtime/global_stores.h>
#include <levada/runtime/patience.h>
#include <levada/runtime/restore_listener.h>

namespace levada {

struct GlobalThreadSettings {
  std::string application_id = {};
  std::optional<std::filesystem::path> directory = std::nullopt;  // of all global stores
  Duration poll_time = std::chrono::milliseconds(100);
  std::size_t max_poll_records = 2000;
  std::size_t max_restore_records = 20'000;
  Duration timeout = std::chrono::minutes(5);  // task.timeout.ms
  ErrorPolicy errors = {};
  std::map<std::string, std::string> app_configs = {};  // see Context
  DefaultTimestampExtractor default_timestamp_extractor = DefaultTimestampExtractor::kFail;
  ClientProperties consumer = {};
};

// Everything outlives it.
struct GlobalThreadEnvironment {
  const ApplicationPlan& plan;
  Cluster& cluster;
  MemoryBudget& budget;
  const Clock& clock;
  Logger log;
  RestoreListener* restore_listener = nullptr;
  DiskFaults* disk_faults = nullptr;  // what a simulation lets go wrong
};

class GlobalThread final : private RecordHandler {
 public:
  // Errors of the stores as GlobalStores::open.
  static absl::StatusOr<std::unique_ptr<GlobalThread>> create(GlobalThreadSettings settings,
                                                              GlobalThreadEnvironment environment);

  // One round: bounded in records, waiting at most poll_time for the first. An error is final.
  absl::Status run_once();
  void wake_up() { consumer_->wake_up(); }

  bool restored() const { return restored_; }
  std::uint64_t restored_records() const;
  const GlobalStores& stores() const { return *stores_; }
  const DroppedRecords& dropped() const { return dropped_; }
  const StreamsMetrics& sensors() const { return sensors_; }

 private:
  // A partition of a global topic.
  struct Input {
    std::size_t task;
    PartitionInput* input;
    Offset end = 0;  // when restoring began
    std::uint64_t restored = 0;
    bool complete = false;
  };

  GlobalThread(GlobalThreadSettings settings, GlobalThreadEnvironment environment, std::unique_ptr<Consumer> consumer);

  // RecordHandler
  void on_record(std::size_t tag, const LogRecord& record) override;
  void on_end_of_partition(std::size_t tag, Offset next) override;

  absl::Status open_stores();
  absl::Status poll();
  absl::Status begin();
  absl::Status locate_inputs();
  absl::Status settle_begin(const absl::Status& begun);
  void note_restored();
  const std::string& store_of(const Input& input) { return stores_->task(input.task).state().hosts()[0]->spec().name; }

  GlobalThreadSettings settings_;
  GlobalThreadEnvironment environment_;
  DroppedRecords dropped_;
  StreamsMetrics sensors_ = {};
  std::unique_ptr<RecordCollector> no_output_;
  std::unique_ptr<Consumer> consumer_;
  Patience patience_;
  std::unique_ptr<GlobalStores> stores_ = nullptr;
  std::vector<Input> inputs_ = {};  // by tag; empty until reading has begun
  bool restored_ = false;
};

}  // namespace levada
