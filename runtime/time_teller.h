// What a task says of its time to the tasks downstream: with each record for a repartition topic, how far it has come,
// and with a mark of its own, a record without key and value, to each partition that has not heard it otherwise.
//
//   TimeTeller teller(topics, collector, clock);          // in the place of the collector
//   teller.set_time(stream_time);
//   teller.send(topic, record);
//   if (teller.has_news(stream_time)) teller.tell(stream_time);      // before a commit
//
// A record from which its partition would learn nothing new carries nothing. Marks go at most once an interval, so that
// short commit intervals do not fill topics. Where results wait for event time before they go on, they are older than
// that of the task: there it tells the time of what has gone on.
//
// Owned by a task; used on its thread.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <levada/core/record_collector.h>
#include <levada/core/time.h>
#include <levada/core/time_mark.h>
#include <levada/runtime/task_id.h>

namespace levada {

// A repartition topic that a sub-topology writes to.
struct ToldTopic {
  std::string name = {};
  bool held_back = false;  // results on their way there may wait for event time

  bool operator==(const ToldTopic&) const = default;
};

struct TimeTellerSettings {
  TaskId task = {};
  std::vector<ToldTopic> topics = {};
  Duration interval = std::chrono::seconds(1);
};

class TimeTeller final : public RecordCollector {
 public:
  // Both outlive it.
  TimeTeller(TimeTellerSettings settings, RecordCollector& collector, const Clock& clock);

  // How far the task has come, from the next record on; kNothingToCome (upstream_times.h): it is at an end.
  void set_time(Timestamp time) { time_ = time; }
  // A partition has not heard of that time, and may be told again.
  bool has_news(Timestamp time) const;
  void tell(Timestamp time);

  // RecordCollector
  SinkTopic topic(const std::string& name) override;
  const std::string& name(SinkTopic topic) const override { return collector_.name(topic); }
  Partition partitions(SinkTopic topic) const override { return collector_.partitions(topic); }
  void send(SinkTopic topic, const OutputRecord& record) override;

 private:
  struct Told {
    SinkTopic topic;
    bool held_back;
    Timestamp sent;                // the highest timestamp
    std::vector<Timestamp> heard;  // by partition

    Timestamp time(Timestamp of_task) const;
  };
  struct Stamp {
    bool alone;
    Timestamp time;
  };

  Told* find(SinkTopic topic);
  const Headers& with_mark(const Headers& headers, const Stamp& stamp);
  void tell(Told& told, Timestamp time);

  const TimeTellerSettings settings_;
  RecordCollector& collector_;
  const Clock& clock_;
  std::vector<Told> told_ = {};
  Timestamp time_ = kNoTimestamp;
  std::chrono::steady_clock::time_point next_;
  Headers headers_ = {};  // its memory is used again
};

}  // namespace levada
