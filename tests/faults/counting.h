// An application that counts records by key, and a look at what it has counted: for tests of what it stands on.
//
//   Counting counting(*cluster);
//   auto app = counting.start();
//   counting.send();
//   EXPECT_TRUE(eventually([&] { return counting.has_exactly_all(); }));
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include <levada/levada.h>

#include "tests/support/log_lines.h"
#include "tests/support/temporary_directory.h"

namespace levada::testing {

class Counting {
 public:
  // Makes the topics, and fills them and reads them through this cluster, which outlives it.
  explicit Counting(Cluster& cluster);

  // On `cluster`, if there is one: another way to the same brokers.
  absl::StatusOr<StreamsApp> start(Cluster* cluster = nullptr);

  // One record of each key; returns before it has arrived.
  void send();
  void flush();

  // All keys have as many records in "out" as were sent, or more.
  bool has_all();
  bool has_exactly_all();

  const std::filesystem::path& directory() const { return directory_.path(); }

  StreamsConfig config = {};   // of the application
  std::size_t value_size = 0;  // of what is stored beside each count
  LogLines log = {};

 private:
  struct Latest final : RecordHandler {
    void on_record(std::size_t, const LogRecord& record) override;
    void on_end_of_partition(std::size_t, Offset) override {}
    std::map<std::string, int> count = {};
  };

  void read();

  Cluster& cluster_;
  const TemporaryDirectory directory_ = {};
  std::unique_ptr<Producer> producer_ = nullptr;
  TopicHandle in_ = {};
  std::unique_ptr<Consumer> reader_ = nullptr;
  Latest latest_ = {};
  int times_ = 0;
};

}  // namespace levada::testing
