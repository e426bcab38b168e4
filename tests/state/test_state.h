// What the tests of stores stand on: a task's state without the task.
//
//   TestState state({Counts::spec("counts")}, TestState::on_disk());
//   state.at(5);                                       // the record that is being processed happened at 5 ms
//   state.store<Counts>("counts").put("a", 1);
//   state.commit();
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <levada/core/record_context.h>
#include <levada/state/task_state.h>

#include "tests/support/temporary_directory.h"

namespace levada::testing {

inline Timestamp ms(std::int64_t time) { return Timestamp(Duration(time)); }

// A change as the changelog gets it.
struct Logged {
  Bytes key;
  NullableBytes value;
  Timestamp timestamp;

  bool operator==(const Logged&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Logged& logged) {
  return out << logged.key << "=" << logged.value.value_or("null") << "@"
             << logged.timestamp.time_since_epoch().count();
}

enum class Place { kMemory, kDisk };

class TestState {
 public:
  explicit TestState(std::vector<StoreSpec> specs, Place place = Place::kMemory)
      : specs_(std::move(specs)), place_(place) {
    open();
  }

  // As after the end of the process: what was not committed is gone.
  void reopen() {
    state_.reset();
    open();
  }
  void reopen(std::vector<StoreSpec> specs) {
    specs_ = std::move(specs);
    reopen();
  }
  absl::Status try_reopen(std::vector<StoreSpec> specs) {
    state_.reset();
    return try_open(std::move(specs)).status();
  }
  void close() { state_.reset(); }

  void at(std::int64_t time) { current.timestamp = ms(time); }

  template <class S>
  S& store(const std::string& name) {
    return dynamic_cast<S&>(state_->store(name));
  }
  StoreHost& host(const std::string& name) { return state_->host(name); }
  TaskState& operator*() { return *state_; }
  TaskState* operator->() { return state_.get(); }

  std::vector<Logged> changes(const std::string& name) {
    std::vector<Logged> logged;
    host(name).for_each_change([&](BytesView key, NullableView value, Timestamp timestamp) {
      logged.push_back({Bytes(key), value ? NullableBytes(*value) : std::nullopt, timestamp});
    });
    return logged;
  }

  void commit(const std::map<std::string, Offset>& offsets = {}) {
    for (StoreHost* host : state_->hosts()) host->flush_cache();
    const absl::Status status = state_->commit(offsets);
    ASSERT_TRUE(status.ok()) << status;
  }

  std::filesystem::path directory() const { return directory_ / "task"; }

  RecordContext current = {};
  MemoryBudget budget{64 << 20};

 private:
  absl::StatusOr<std::unique_ptr<TaskState>> try_open(std::vector<StoreSpec> specs) {
    std::optional<std::filesystem::path> directory;
    if (place_ == Place::kDisk) directory = this->directory();
    return TaskState::open({.directory = directory, .stores = std::move(specs), .budget = budget, .current = current});
  }

  void open() {
    auto opened = try_open(specs_);
    if (!opened.ok()) throw std::runtime_error(std::string(opened.status().message()));
    state_ = *std::move(opened);
  }

  TemporaryDirectory directory_;
  std::vector<StoreSpec> specs_;
  const Place place_;
  std::unique_ptr<TaskState> state_ = nullptr;
};

}  // namespace levada::testing
