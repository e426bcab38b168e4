// A Kafka cluster inside this process: topics with partitions and offsets, consumer groups, transactions, retention and
// compaction, as faithful as clients can tell, in memory and without a thread of its own.
//
//   SystemClock clock;
//   EmbeddedCluster cluster(clock);
//   std::unique_ptr<Admin> admin = cluster.admin({}).value();
//   admin->create_topics({{.name = "orders", .partitions = 4}}, 1s).IgnoreError();
//   std::unique_ptr<Producer> producer = cluster.producer({}).value();
//
// Thread-safe: several applications may share it. Its clients must be destroyed before it, and the clock after it.
// Deterministic: same calls, same clock, same log, member ids and assignments.
//
// Time passes only when a client calls: then sessions expire, transactions that were open for too long are aborted, and
// the log cleaner runs if it is due. A member that does not call for session.timeout.ms is given up, however alive.
// With a SystemClock a poll() waits for its timeout in real time. With any other clock it never waits: nobody but the
// caller could make the time pass, so it returns what is there.
//
// Memory is bounded by retention only: retention.bytes of a topic holds at all times, retention.ms and compaction
// are applied by the log cleaner.
#pragma once

#include <cstddef>
#include <memory>

#include <levada/core/time.h>
#include <levada/runtime/cluster.h>

namespace levada {

namespace internal::embedded {
class Broker;
}

struct EmbeddedClusterOptions {
  // How often the log cleaner runs, by the cluster's clock. Zero: only on run_log_cleaner().
  Duration log_cleaner_interval = std::chrono::minutes(5);
};

class EmbeddedCluster final : public Cluster {
 public:
  explicit EmbeddedCluster(const Clock& clock, EmbeddedClusterOptions options = {});
  ~EmbeddedCluster() override;

  absl::StatusOr<std::unique_ptr<Consumer>> consumer(const ClientProperties& properties) override;
  absl::StatusOr<std::unique_ptr<Producer>> producer(const ClientProperties& properties) override;
  absl::StatusOr<std::unique_ptr<Admin>> admin(const ClientProperties& properties) override;

  // Applies retention and compaction to every topic now.
  void run_log_cleaner();

  // What all records take in memory.
  std::size_t log_bytes() const;

 private:
  std::unique_ptr<internal::embedded::Broker> broker_;
};

}  // namespace levada
