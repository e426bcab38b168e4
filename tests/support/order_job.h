// The main job beside a test: events in a topic of its own, instances of order_analytics as processes, what those
// wrote, and the truth, computed from the events without anything of the library but its consumer.
//
//   OrderJob job(bootstrap);
//   job.produce(100'000);
//   ASSERT_EQ(ChildProgram("order_analytics", job.to_the_end()).wait(), 0);
//   job.expect_exact();
//
// What does not hold is a failure of the running test; a broker that does not answer is an exception.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <levada/runtime/cluster.h>

namespace levada::testing {

class OrderJob {
 public:
  static constexpr Partition kPartitions = 4;

  // Settings of exactly_once_v2, to be given to the functions below.
  static const std::vector<std::string>& exactly_once();

  explicit OrderJob(std::string bootstrap);
  ~OrderJob();  // removes the state
  OrderJob(const OrderJob&) = delete;
  OrderJob& operator=(const OrderJob&) = delete;

  void produce(int count);
  // Of a producer that is given a rate or goes on for ever.
  std::vector<std::string> producing(const std::vector<std::string>& more);

  // Arguments of order_analytics: on this directory of state(); with --stop-at-end and --report, too.
  std::vector<std::string> arguments(const std::vector<std::string>& more = {}) const;
  std::vector<std::string> to_the_end(const std::string& threads = "2",
                                      const std::vector<std::string>& more = {}) const;
  const std::string& state() const { return state_; }

  // Until the group has committed `share` of the input, or that many records of it.
  void wait_for_progress(double share);
  void wait_until_committed(
      Offset records, const std::function<void()>& meanwhile = [] {});
  // The ids of those who share the partitions; empty while they are being shared out.
  std::set<std::string> members();

  // The results are those of the events: exactly, or no hour less.
  void expect_exact();
  void expect_not_lower();
  // A reader of committed records sees no count twice, and none that is lower than one before.
  void expect_no_count_twice();

 private:
  struct Totals {
    std::map<std::string, std::int64_t> orders = {};
    std::map<std::string, double> revenue = {};
  };

  Totals truth();
  Totals results();

  const std::string bootstrap_;
  const std::string name_;
  const std::string input_ = name_ + "-events";
  const std::string counts_ = name_ + "-per-hour";
  const std::string revenue_ = name_ + "-revenue";
  const std::string state_;
  const std::unique_ptr<Cluster> cluster_;
  int seed_ = 0;
};

}  // namespace levada::testing
