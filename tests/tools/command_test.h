// Runs commands of the levada program inside of the test, on an embedded cluster.
//
//   const Ran ran = levada({"describe", path});
//   EXPECT_EQ(ran.code, 0) << ran.err;
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/embedded_cluster.h>

#include "tests/support/temporary_directory.h"
#include "tools/levada/program.h"

namespace levada::testing {

struct Ran {
  int code = 0;
  std::string out = {};
  std::string err = {};
};

class CommandTest : public ::testing::Test {
 protected:
  EmbeddedCluster& cluster() { return cluster_; }
  Admin& admin() { return *admin_; }

  Ran levada(std::vector<std::string> arguments);
  // With the options that name the cluster.
  Ran levada_on_cluster(std::vector<std::string> arguments);

  // A directory of the test's own, and a file in it.
  const std::filesystem::path& directory() const { return directory_.path(); }
  std::string file(const std::string& name, const std::string& text) const;

  void create_topic(const std::string& name, Partition partitions);
  void send(const TopicPartition& where, const std::vector<std::string>& values, Timestamp time = Timestamp());
  void commit(const std::string& group, const std::vector<CommittedOffset>& offsets);
  Offset committed(const std::string& group, const TopicPartition& where);

 private:
  const TemporaryDirectory directory_;
  ManualClock clock_;
  EmbeddedCluster cluster_{clock_};
  std::unique_ptr<Admin> admin_ = cluster_.admin({}).value();
};

}  // namespace levada::testing
