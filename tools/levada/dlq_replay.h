// Puts the records of a dead-letter topic back to the topics they came from, to be processed again after a fix.
//
//   ASSIGN_OR_RETURN(DlqReplay replay, DlqReplay::read(cluster, {}, {.topic = "orders-dlq"}, filter));
//   replay.groups();                                        // what would be put back, by topic and exception
//   RETURN_IF_ERROR(replay.put_back({.records_per_second = 100}));
//
// A letter goes back with its key, value, timestamp and headers, but without those that say what went wrong, to the
// partition it came from, if the topic still has it. What fails again is a new letter, behind those that were read.
// The dead-letter topic is left as it is: who replays twice puts letters back twice, unless a time range says
// otherwise.
//
// Letters are read twice, to count and to put back, and only one is held at a time. Errors are those of the clients,
// and kNotFound for a topic that does not exist.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/time.h>
#include <levada/runtime/cluster.h>

namespace levada {

// Which letters; all that are not named otherwise.
struct DlqFilter {
  std::set<std::string> exceptions = {};          // types, whole or without their namespace or package
  std::set<std::string> topics = {};              // they came from
  std::optional<Timestamp> from = std::nullopt;   // of the record
  std::optional<Timestamp> until = std::nullopt;  // exclusive
};

// How to make the clients.
struct DlqClients {
  ClientProperties consumer = {};
  ClientProperties producer = {};
  ClientProperties admin = {};
};

struct DlqTopic {
  std::string topic = {};
  Duration timeout = std::chrono::seconds(30);  // of each request
};

// How fast letters go back; 0 is as fast as it goes.
struct DlqPace {
  std::uint64_t records_per_second = 0;
  std::function<void(Duration)> sleep = {};  // none: the thread sleeps
};

// What a letter tells of the record that failed.
struct LetterOrigin {
  std::string exception = {};
  std::optional<std::string> topic = std::nullopt;  // none: a punctuation
  Partition partition = -1;
};

LetterOrigin origin_of(const Headers& headers);

class DlqReplay {
 public:
  // The letters that stand in the topic now.
  static absl::StatusOr<DlqReplay> read(Cluster& cluster, DlqClients clients, DlqTopic source, DlqFilter filter);

  // How many of the filter's letters came from which topic, because of what.
  using Group = std::pair<std::string, std::string>;
  const std::map<Group, std::uint64_t>& groups() const { return groups_; }
  std::uint64_t letters() const;
  std::uint64_t filtered_out() const { return filtered_out_; }
  // Of the filter's letters, those of no record: of punctuations, or without the bytes of their record.
  std::uint64_t without_record() const { return without_record_; }

  absl::Status put_back(const DlqPace& pace);

 private:
  struct Range {
    TopicPartition partition;
    Offset begin;
    Offset end;
  };
  using Visit = std::function<absl::Status(const LetterOrigin&, const LogRecord&)>;
  class Letters;

  DlqReplay(Cluster& cluster, DlqClients clients, DlqTopic source, DlqFilter filter);
  absl::Status locate();
  absl::Status for_each_letter(const Visit& visit);
  bool wants(const LetterOrigin& origin, const LogRecord& record) const;
  absl::Status check_targets();

  Cluster* cluster_;
  DlqClients clients_;
  DlqTopic source_;
  DlqFilter filter_;
  std::vector<Range> ranges_ = {};
  std::map<Group, std::uint64_t> groups_ = {};
  std::uint64_t filtered_out_ = 0;
  std::uint64_t without_record_ = 0;
};

}  // namespace levada
