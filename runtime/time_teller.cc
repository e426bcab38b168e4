#include <algorithm>
#include <utility>

#include <levada/runtime/producer_collector.h>
#include <levada/runtime/time_teller.h>
#include <levada/runtime/upstream_times.h>

namespace levada {
namespace {

bool is_news(Timestamp time, Timestamp heard) { return time != kNoTimestamp && time != heard; }

}  // namespace

Timestamp TimeTeller::Told::time(Timestamp of_task) const {
  return held_back && of_task != kNothingToCome ? std::min(of_task, sent) : of_task;
}

TimeTeller::TimeTeller(TimeTellerSettings settings, RecordCollector& collector, const Clock& clock)
    : settings_(std::move(settings)), collector_(collector), clock_(clock), next_(clock.steady_now()) {}

SinkTopic TimeTeller::topic(const std::string& name) {
  const SinkTopic topic = collector_.topic(name);
  const auto told = std::ranges::find(settings_.topics, name, &ToldTopic::name);
  if (told == settings_.topics.end() || find(topic) != nullptr) return topic;
  const auto partitions = static_cast<std::size_t>(collector_.partitions(topic));
  told_.push_back({topic, told->held_back, kNoTimestamp, std::vector<Timestamp>(partitions, kNoTimestamp)});
  return topic;
}

TimeTeller::Told* TimeTeller::find(SinkTopic topic) {
  const auto found = std::ranges::find(told_, topic, &Told::topic);
  return found != told_.end() ? &*found : nullptr;
}

void TimeTeller::send(SinkTopic topic, const OutputRecord& record) {
  Told* told = find(topic);
  if (told == nullptr) return collector_.send(topic, record);
  told->sent = std::max(told->sent, record.timestamp);
  const Timestamp time = told->time(time_);
  if (time == kNoTimestamp) return collector_.send(topic, record);
  OutputRecord out = record;
  const Partition partition = partition_of(record, static_cast<Partition>(told->heard.size()));
  Timestamp* heard = nullptr;
  if (partition != kAnyPartition) {
    out.partition = partition;
    heard = &told->heard[static_cast<std::size_t>(partition)];
    if (*heard == time) return collector_.send(topic, out);
  }
  out.headers = &with_mark(record.headers != nullptr ? *record.headers : no_headers(), {.alone = false, .time = time});
  collector_.send(topic, out);
  if (heard != nullptr) *heard = time;
}

const Headers& TimeTeller::with_mark(const Headers& headers, const Stamp& stamp) {
  headers_ = headers;
  Header& mark = headers_.emplace_back(Header{std::string(kTimeMarkHeader), Bytes()});
  append_time_mark({.alone = stamp.alone,
                    .sub_topology = settings_.task.sub_topology,
                    .partition = settings_.task.partition,
                    .time = stamp.time},
                   *mark.value);
  return headers_;
}

bool TimeTeller::has_news(Timestamp time) const {
  const bool any = std::ranges::any_of(told_, [time](const Told& told) {
    const Timestamp now = told.time(time);
    return std::ranges::any_of(told.heard, [now](Timestamp heard) { return is_news(now, heard); });
  });
  return any && clock_.steady_now() >= next_;
}

void TimeTeller::tell(Timestamp time) {
  next_ = clock_.steady_now() + settings_.interval;
  for (Told& told : told_) tell(told, told.time(time));
}

// Kafka has no records without a time: of a mark without any, it is that of the last one, or 0.
void TimeTeller::tell(Told& told, Timestamp time) {
  for (std::size_t partition = 0; partition < told.heard.size(); ++partition) {
    Timestamp& heard = told.heard[partition];
    if (!is_news(time, heard)) continue;
    const Timestamp stamp = time != kNothingToCome ? time : std::max(heard, Timestamp{});
    collector_.send(told.topic, {.timestamp = stamp,
                                 .headers = &with_mark(no_headers(), {.alone = true, .time = time}),
                                 .partition = static_cast<Partition>(partition)});
    heard = time;
  }
}

}  // namespace levada
