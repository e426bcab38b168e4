// The topics of an embedded cluster by name.
//
//   absl::StatusOr<Topic*> orders = topics.create({.name = "orders", .partitions = 4});
//   topics.find("orders")->partitions[2].append(record);
//
// A Topic lives as long as the registry, so that clients may hold on to it: a deleted one is empty and says so.
// Guarded by the broker's mutex.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include <levada/runtime/admin.h>
#include <levada/runtime/embedded/partition_log.h>

namespace levada::internal::embedded {

struct Topic {
  std::string name = {};
  TopicConfig config = {};
  std::vector<PartitionLog> partitions = {};
  bool deleted = false;
};

class Topics {
 public:
  // kAlreadyExists; kInvalidArgument for a name, a number or a configuration that Kafka refuses.
  absl::StatusOr<Topic*> create(const NewTopic& topic);
  absl::Status remove(const std::string& name);  // kNotFound

  Topic* find(const std::string& name) const;                         // nullptr if there is none
  Partition partition_count(const std::string& name) const;           // 0 if there is none
  absl::StatusOr<Topic*> get(const TopicPartition& partition) const;  // kNotFound also for the partition
  absl::StatusOr<PartitionLog*> log(const TopicPartition& partition) const;

  std::vector<std::string> names() const;  // sorted

  // What the log cleaner does to every topic; `kOnlyIfWorthIt` leaves out logs that hardly changed.
  enum class Cleaning { kOnlyIfWorthIt, kEverything };
  void clean(Cleaning cleaning, Timestamp now);
  std::size_t bytes() const;

 private:
  std::deque<Topic> all_;
  absl::flat_hash_map<std::string, Topic*> by_name_;
};

absl::Status no_such_topic(const std::string& name);

}  // namespace levada::internal::embedded
