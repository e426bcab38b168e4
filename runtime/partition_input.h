// One input partition of a task: what was fetched of it, the decoded record that is next in line, and how far the task
// has come.
//
//   input.push(fetched);
//   while (input.advance(dropped).ok() && input.has_head()) { … input.head_time() …; input.process(); }
//
// A record that nothing else has to be compared with needs no place in the queue:
//   if (input.takes_at_once(fetched) && input.advance_to(fetched, dropped).ok() && input.has_head()) input.process();
//
// Owned by one task; not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>

#include <levada/core/source.h>
#include <levada/core/time_mark.h>
#include <levada/runtime/consumer.h>
#include <levada/runtime/dropped_records.h>
#include <levada/runtime/record_queue.h>
#include <levada/runtime/silence.h>
#include <levada/runtime/task_errors.h>
#include <levada/runtime/upstream_times.h>
#include <levada/state/store_host.h>

namespace levada {

class PartitionInput {
 public:
  // `stores` are those whose keys are probably the records': they are told of keys ahead.
  PartitionInput(TopicPartition where, SourceReader& source, TaskErrors& errors, std::vector<StoreHost*> stores);

  const TopicPartition& where() const { return where_; }

  // The topic is the application's own: what upstream tasks say of their time in it is not for its processors.
  void expect_marks() { expects_marks_ = true; }
  // Remembers from now on what they say.
  void listen_to(std::vector<TaskId> upstream) { upstream_.emplace(std::move(upstream)); }
  // As of position(). Null: nobody listens.
  UpstreamTimes* upstream() { return upstream_ ? &*upstream_ : nullptr; }
  const UpstreamTimes* upstream() const { return upstream_ ? &*upstream_ : nullptr; }
  // To what has come with the head.
  void listen() {
    if (mark_ && upstream_) upstream_->hear(*mark_);
    mark_.reset();
  }

  void push(const LogRecord& record);
  // The reader of the log stands at the end of the partition, and will read `next` when something comes.
  void reached_end(Offset next);

  // Makes the oldest readable record the head, if there is one. An unreadable one is counted and skipped, or is the
  // error (kDataLoss, with topic, partition and offset), as the exception handler says. One with a negative timestamp
  // is counted and skipped. kInternal: its timestamp could not be told.
  absl::Status advance(DroppedRecords& dropped);

  // Nothing waits, and the record can be the head where it stands.
  bool takes_at_once(const LogRecord& record) const {
    return queue_.empty() && (!expects_marks_ || record.headers.empty());
  }
  // Makes it the head, if it is readable, in place of push() and advance(). It must live until process() returns. After
  // an error there is no head.
  absl::Status advance_to(const LogRecord& record, DroppedRecords& dropped);

  bool has_head() const { return head_.has_value(); }
  Timestamp head_time() const { return head_->time; }
  // Where the head came from; lives until process() returns.
  RecordContext head_context() const { return context_of(*head_); }
  SourceBytes head_bytes() const;  // of one that was queued
  // Sends the head down the graph. Throws what a processor throws; the head is then still there, if it was queued.
  void process();

  // Records processed or skipped since the last call.
  std::uint64_t take_processed() { return std::exchange(processed_, 0); }

  // Nothing is waiting, and nothing more was in the log when it was last asked.
  bool at_end() const { return at_end_ && queue_.empty(); }
  // Nothing has come for that long, although the log was read to its end.
  bool silent_for(Duration time, const Clock& clock);
  Duration silence(const Clock& clock);
  // Nobody has looked at the log meanwhile: what is silent begins to be so now.
  void end_silence() { silence_.end(); }
  std::size_t buffered_bytes() const { return queue_.bytes(); }
  std::size_t buffered_records() const { return queue_.size(); }

  // The next offset to process: what a commit writes down. kUnknownOffset before start_at().
  Offset position() const { return position_; }
  // The next offset to fetch, behind all that is buffered.
  Offset fetch_position() const { return fetch_position_; }
  Timestamp partition_time() const { return partition_time_; }
  // Something was processed or skipped since the last commit.
  bool has_progress() const { return position_ != committed_; }
  void committed() { committed_ = position_; }
  Offset committed_offset() const { return committed_; }
  void start_at(Offset position, Timestamp partition_time);
  void clear();

 private:
  struct Head {
    Timestamp time;
    Offset offset;
    const Headers* headers;
  };

  RecordContext context_of(const Head& head) const {
    return {.timestamp = head.time, .source = &where_, .offset = head.offset, .headers = head.headers};
  }
  void announce_keys() const;
  void note_fetched(Offset offset);
  absl::Status read(const QueuedRecord& next, DroppedRecords& dropped);
  absl::Status handle_unreadable(const QueuedRecord& next);
  bool take_mark();
  void pass(Offset offset);

  TopicPartition where_;
  std::string source_node_;
  std::unique_ptr<PartitionReader> reader_;
  TaskErrors& errors_;
  std::vector<StoreHost*> stores_;
  RecordQueue queue_ = {};
  std::optional<Head> head_ = std::nullopt;  // of the front of the queue, once that is decoded
  bool queued_ = true;                       // the head, or what may become it, is that front
  Timestamp partition_time_ = kNoTimestamp;
  Offset position_ = kUnknownOffset;
  Offset fetch_position_ = kUnknownOffset;
  Offset committed_ = kUnknownOffset;
  bool expects_marks_ = false;
  std::optional<TimeMark> mark_ = std::nullopt;  // of the front of the queue, until it is heard
  std::optional<UpstreamTimes> upstream_ = std::nullopt;
  bool at_end_ = false;
  Silence silence_ = {};
  std::uint64_t processed_ = 0;
};

}  // namespace levada
