#include "tools/levada/dlq_replay.h"

#include <algorithm>
#include <thread>

#include <absl/strings/numbers.h>

#include <levada/core/dead_letter.h>
#include <levada/core/status_macros.h>

namespace levada {
namespace {

constexpr Duration kPollWait = std::chrono::milliseconds(100);
constexpr std::size_t kRecordsAtOnce = 1000;

// "Bad" of "a.b.Bad" and of "a::b::Bad".
std::string_view without_namespace(std::string_view type) {
  const std::size_t end = type.find_last_of(".:");
  return end == std::string_view::npos ? type : type.substr(end + 1);
}

bool has_record(const LetterOrigin& origin, const LogRecord& letter) {
  return origin.topic.has_value() && (letter.key.has_value() || letter.value.has_value());
}

Headers without_errors(const Headers& headers) {
  Headers kept;
  for (const Header& header : headers) {
    if (!header.key.starts_with(kErrorHeaderPrefix)) kept.push_back(header);
  }
  return kept;
}

// Keeps a steady rate by sleeping behind each record.
class Pacing {
 public:
  explicit Pacing(const DlqPace& pace) : pace_(pace) {}

  void after_record() {
    if (pace_.records_per_second == 0) return;
    ++sent_;
    const auto due = std::chrono::milliseconds(sent_ * 1000 / pace_.records_per_second);
    if (due <= slept_) return;
    const Duration wait = std::chrono::duration_cast<Duration>(due - slept_);
    slept_ = due;
    if (pace_.sleep) return pace_.sleep(wait);
    std::this_thread::sleep_for(wait);
  }

 private:
  const DlqPace& pace_;
  std::uint64_t sent_ = 0;
  std::chrono::milliseconds slept_ = {};
};

}  // namespace

LetterOrigin origin_of(const Headers& headers) {
  LetterOrigin origin;
  // The last ones: a letter of a letter has two of each.
  for (const Header& header : headers) {
    if (header.key == kExceptionHeader) origin.exception = header.value.value_or("");
    if (header.key == kTopicHeader) origin.topic = header.value;
    if (header.key == kPartitionHeader && !absl::SimpleAtoi(header.value.value_or(""), &origin.partition)) {
      origin.partition = -1;
    }
  }
  return origin;
}

// Reads all that stood in the topic when its ends were asked for, one record at a time.
class DlqReplay::Letters final : public RecordHandler {
 public:
  Letters(const std::vector<Range>& ranges, const Visit& visit) : ranges_(ranges), visit_(visit) {
    for (const Range& range : ranges) open_ += range.begin < range.end ? 1 : 0;
    done_.assign(ranges.size(), false);
  }

  bool complete() const { return open_ == 0; }
  const absl::Status& status() const { return status_; }

  void on_record(std::size_t tag, const LogRecord& record) override {
    if (record.offset >= ranges_[tag].end || !status_.ok()) return;
    status_ = visit_(origin_of(record.headers), record);
    if (record.offset + 1 == ranges_[tag].end) finish(tag);
  }
  void on_end_of_partition(std::size_t tag, Offset) override { finish(tag); }

 private:
  void finish(std::size_t tag) {
    if (done_[tag] || ranges_[tag].begin >= ranges_[tag].end) return;
    done_[tag] = true;
    --open_;
  }

  const std::vector<Range>& ranges_;
  const Visit& visit_;
  std::vector<bool> done_ = {};
  std::size_t open_ = 0;
  absl::Status status_ = {};
};

DlqReplay::DlqReplay(Cluster& cluster, DlqClients clients, DlqTopic source, DlqFilter filter)
    : cluster_(&cluster), clients_(std::move(clients)), source_(std::move(source)), filter_(std::move(filter)) {}

absl::StatusOr<DlqReplay> DlqReplay::read(Cluster& cluster, DlqClients clients, DlqTopic source, DlqFilter filter) {
  DlqReplay replay(cluster, std::move(clients), std::move(source), std::move(filter));
  LEVADA_RETURN_IF_ERROR(replay.locate());
  const auto count = [&replay](const LetterOrigin& origin, const LogRecord& letter) {
    if (!replay.wants(origin, letter)) {
      ++replay.filtered_out_;
    } else if (!has_record(origin, letter)) {
      ++replay.without_record_;
    } else {
      ++replay.groups_[{*origin.topic, origin.exception}];
    }
    return absl::OkStatus();
  };
  LEVADA_RETURN_IF_ERROR(replay.for_each_letter(count));
  LEVADA_RETURN_IF_ERROR(replay.check_targets());
  return replay;
}

absl::Status DlqReplay::locate() {
  LEVADA_ASSIGN_OR_RETURN(const auto admin, cluster_->admin(clients_.admin));
  LEVADA_ASSIGN_OR_RETURN(const auto found, admin->describe_topics({source_.topic}, source_.timeout));
  if (!found.contains(source_.topic)) return absl::NotFoundError("topic " + source_.topic + " does not exist");
  for (Partition partition = 0; partition < found.at(source_.topic); ++partition) {
    const TopicPartition where{source_.topic, partition};
    LEVADA_ASSIGN_OR_RETURN(const OffsetRange log, admin->offsets(where, source_.timeout));
    ranges_.push_back({.partition = where, .begin = log.begin, .end = log.end});
  }
  return absl::OkStatus();
}

// Better than to find out when half of them are put back.
absl::Status DlqReplay::check_targets() {
  std::vector<std::string> topics;
  for (const auto& [group, count] : groups_) topics.push_back(group.first);
  topics.erase(std::unique(topics.begin(), topics.end()), topics.end());
  LEVADA_ASSIGN_OR_RETURN(const auto admin, cluster_->admin(clients_.admin));
  LEVADA_ASSIGN_OR_RETURN(const auto found, admin->describe_topics(topics, source_.timeout));
  for (const std::string& topic : topics) {
    if (!found.contains(topic)) {
      return absl::NotFoundError("topic " + topic + ", which letters came from, does not exist: leave it out");
    }
  }
  return absl::OkStatus();
}

absl::Status DlqReplay::for_each_letter(const Visit& visit) {
  LEVADA_ASSIGN_OR_RETURN(const auto consumer, cluster_->consumer(clients_.consumer));
  std::vector<Assignment> assignments;
  for (const Range& range : ranges_) assignments.push_back({range.partition, range.begin, assignments.size()});
  LEVADA_RETURN_IF_ERROR(consumer->assign(assignments));
  Letters letters(ranges_, visit);
  while (!letters.complete()) {
    LEVADA_RETURN_IF_ERROR(consumer->poll(kPollWait, kRecordsAtOnce, letters));
    LEVADA_RETURN_IF_ERROR(letters.status());
  }
  return absl::OkStatus();
}

bool DlqReplay::wants(const LetterOrigin& origin, const LogRecord& record) const {
  const std::string name(without_namespace(origin.exception));
  const auto& exceptions = filter_.exceptions;
  if (!exceptions.empty() && !exceptions.contains(origin.exception) && !exceptions.contains(name)) return false;
  if (!filter_.topics.empty() && !filter_.topics.contains(origin.topic.value_or(""))) return false;
  return (!filter_.from || record.timestamp >= *filter_.from) && (!filter_.until || record.timestamp < *filter_.until);
}

std::uint64_t DlqReplay::letters() const {
  std::uint64_t sum = 0;
  for (const auto& [group, count] : groups_) sum += count;
  return sum;
}

absl::Status DlqReplay::put_back(const DlqPace& pace) {
  LEVADA_ASSIGN_OR_RETURN(const auto producer, cluster_->producer(clients_.producer));
  Pacing pacing(pace);
  const auto put_back_one = [&](const LetterOrigin& origin, const LogRecord& letter) -> absl::Status {
    if (!wants(origin, letter) || !has_record(origin, letter)) return absl::OkStatus();
    LEVADA_ASSIGN_OR_RETURN(const TopicHandle topic, producer->topic(*origin.topic, source_.timeout));
    const bool is_there = origin.partition >= 0 && origin.partition < producer->partitions(topic);
    const Headers headers = without_errors(letter.headers);
    LEVADA_RETURN_IF_ERROR(producer->send({.topic = topic,
                                           .partition = is_there ? origin.partition : kAnyPartition,
                                           .key = letter.key,
                                           .value = letter.value,
                                           .timestamp = letter.timestamp,
                                           .headers = &headers}));
    pacing.after_record();
    return absl::OkStatus();
  };
  LEVADA_RETURN_IF_ERROR(for_each_letter(put_back_one));
  return producer->flush(source_.timeout);
}

}  // namespace levada
