#include <algorithm>
#include <deque>
#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/standby_placement.h>
#include <levada/runtime/standby_tasks.h>

namespace levada {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kRequestTimeout = seconds(1);
constexpr Duration kCommittedTimeout = milliseconds(200);
constexpr Duration kLookInterval = seconds(30);
constexpr Duration kLookAgain = milliseconds(250);
constexpr Duration kLongestUnsure = seconds(5);
constexpr Duration kLimitInterval = seconds(5);
constexpr Duration kBusyInterval = milliseconds(20);
constexpr Duration kMeasureInterval = milliseconds(500);
constexpr Duration kForEver = std::chrono::hours(24 * 365);

// Many records at once cost less; but what waits for more would have to be restored after a crash.
constexpr Duration kApplyInterval = seconds(1);
constexpr std::size_t kBatchBytes = 2 << 20;
constexpr std::size_t kRecordsPerStep = 2000;

absl::Status later(const absl::Status& failure) { return absl::UnavailableError(failure.message()); }

bool is_member(const GroupDescription& group, const std::string& id) {
  return std::ranges::any_of(group.members, [&](const GroupMember& member) { return member.member_id == id; });
}

}  // namespace

StandbyTasks::StandbyTasks(StandbySettings settings, StandbyEnvironment environment, std::unique_ptr<Consumer> reader)
    : settings_(std::move(settings)),
      environment_(std::move(environment)),
      plan_(&environment_.plan),
      reader_(std::move(reader)),
      read_patience_("standbys", kForEver, environment_.clock, environment_.log) {}

StandbyTasks::~StandbyTasks() {
  environment_.metrics.standby_tasks.store(0, std::memory_order_relaxed);
  environment_.metrics.standby_lag.store(0, std::memory_order_relaxed);
}

void StandbyTasks::assigned(const std::vector<TaskId>& ids) {
  now_ = environment_.clock.steady_now();
  next_look_ = now_;
  unsure_since_ = now_;
  for (const TaskId& id : ids) {
    const auto found = standbys_.find(id);
    if (found == standbys_.end()) continue;
    take_over(id, found->second);
    standbys_.erase(found);
    changed_ = true;
  }
}

// Offsets are written down even where nothing was gathered: what cannot be read has moved some.
void StandbyTasks::take_over(const TaskId& id, Standby& standby) {
  for (std::size_t i = 0; standby.task != nullptr && i < standby.task->changelogs().size(); ++i) {
    apply(id, standby, standby.task->changelogs()[i]);
  }
  if (standby.task != nullptr) environment_.active.adopt(standby.task->promote());
}

void StandbyTasks::set_plan(const ApplicationPlan& plan) {
  want({});
  plan_ = &plan;
  next_look_ = Instant::max();
}

void StandbyTasks::advance(bool busy) {
  now_ = environment_.clock.steady_now();
  behind_ = false;
  if (now_ >= next_look_) look_at_group();
  if (!environment_.active.ready()) return;
  open_next();
  follow(busy);
  if (now_ >= next_measure_) measure();
}

void StandbyTasks::look_at_group() {
  const auto group = environment_.admin.describe_group(settings_.application_id, kRequestTimeout);
  const std::string me = environment_.group.group_metadata().member_id;
  if (group.ok() && group->state == "Stable" && is_member(*group, me)) {
    next_look_ = now_ + kLookInterval;
    unsure_since_.reset();
    return want(place_standbys(*plan_, group->members, settings_.replicas)[me]);
  }
  next_look_ = now_ + kLookAgain;
  if (unsure_since_ && now_ - *unsure_since_ >= kLongestUnsure) want({});
}

void StandbyTasks::want(const std::set<TaskId>& ids) {
  const auto unwanted = [&ids](const auto& entry) { return !ids.contains(entry.first); };
  changed_ = std::erase_if(standbys_, unwanted) > 0 || changed_;
  for (const TaskId& id : ids) {
    if (!has_changelog(id)) continue;
    standbys_.try_emplace(
        id, Standby{.patience = Patience("standby " + id.to_string(), kForEver, environment_.clock, environment_.log)});
  }
}

bool StandbyTasks::has_changelog(const TaskId& id) const {
  const auto is_logged = [](const StoreSpec& store) { return store.logging || !store.source_topic.empty(); };
  return std::ranges::any_of(plan_->task(id).stores, is_logged);
}

// One at a time: it takes some milliseconds. What another thread of the process still has is waited for; what this one
// still has will be taken from it soon.
void StandbyTasks::open_next() {
  for (auto& [id, standby] : standbys_) {
    if (standby.task != nullptr || standby.patience.pausing() || environment_.active.has(id)) continue;
    const absl::Status opened = open(id, standby);
    return opened.ok() ? standby.patience.succeeded() : bear(id, standby, opened);
  }
}

absl::Status StandbyTasks::open(const TaskId& id, Standby& standby) {
  LEVADA_ASSIGN_OR_RETURN(auto task, environment_.active.open(id));
  std::deque<StandbyTask::Changelog> changelogs;
  for (StoreChangelog& each : changelogs_of(*task, settings_.application_id)) {
    LEVADA_ASSIGN_OR_RETURN(auto changelog, begin(*task, std::move(each)));
    changelogs.push_back(std::move(changelog));
  }
  standby.task = std::make_unique<StandbyTask>(std::move(task), std::move(changelogs), *reader_, environment_.listener);
  environment_.log.info("standby", {{"task", id.to_string()}});
  changed_ = true;
  next_limits_ = now_;
  return absl::OkStatus();
}

// Nothing of a source's topic is read before it is known where the group stands in it.
absl::StatusOr<StandbyTask::Changelog> StandbyTasks::begin(Task& task, StoreChangelog of) {
  Admin* const ends = environment_.ends;
  LEVADA_ASSIGN_OR_RETURN(const OffsetRange log, ends == nullptr ? reader_->offsets(of.partition, kRequestTimeout)
                                                                 : ends->offsets(of.partition, kRequestTimeout));
  LEVADA_ASSIGN_OR_RETURN(const Offset next, next_to_restore(task, of, log));
  StandbyTask::Changelog changelog{.of = std::move(of), .next = std::max(next, log.begin)};
  if (changelog.of.is_source) changelog.limit = changelog.next;
  return changelog;
}

void StandbyTasks::follow(bool busy) {
  if (now_ < next_read_ || read_patience_.pausing()) return;
  next_read_ = busy ? now_ + kBusyInterval : now_;
  if (now_ >= next_limits_) raise_limits();
  if (std::exchange(changed_, false)) assign();
  if (followed_.empty()) return;
  read();
  apply_due();
}

// What the group has not processed yet is not for a store that is restored from a source's topic.
void StandbyTasks::raise_limits() {
  next_limits_ = now_ + kLimitInterval;
  std::vector<TopicPartition> partitions;
  std::vector<StandbyTask::Changelog*> limited;
  for (const auto& [id, standby] : standbys_) {
    if (standby.task == nullptr) continue;
    for (StandbyTask::Changelog& each : standby.task->changelogs()) {
      if (!each.of.is_source) continue;
      partitions.push_back(each.of.partition);
      limited.push_back(&each);
    }
  }
  if (partitions.empty()) return;
  const auto committed = environment_.group.committed(partitions, kCommittedTimeout);
  if (!committed.ok()) return;
  for (std::size_t i = 0; i < limited.size(); ++i) {
    const Offset stands = (*committed)[i].offset;
    if (stands <= limited[i]->limit) continue;
    limited[i]->limit = stands;
    changed_ = true;
  }
}

void StandbyTasks::assign() {
  followed_.clear();
  std::vector<Assignment> assignments;
  for (const auto& [id, standby] : standbys_) {
    if (standby.task == nullptr) continue;
    for (StandbyTask::Changelog& each : standby.task->changelogs()) {
      if (!each.may_read()) continue;
      assignments.push_back({each.of.partition, each.next, followed_.size()});
      followed_.push_back(&each);
    }
  }
  if (const absl::Status assigned = reader_->assign(assignments); !assigned.ok()) {
    changed_ = true;
    read_patience_.bear(later(assigned)).IgnoreError();
  }
}

// Which of them cannot be read is not told: all begin anew.
void StandbyTasks::read() {
  read_records_ = 0;
  const absl::Status read = reader_->poll(Duration(0), is_full() ? 0 : kRecordsPerStep, *this);
  behind_ = read_records_ >= kRecordsPerStep;
  if (read.ok()) return read_patience_.succeeded();
  read_patience_.bear(later(read)).IgnoreError();
  followed_.clear();
  for (auto& [id, standby] : standbys_) standby.task.reset();
  changed_ = true;
}

bool StandbyTasks::is_full() const {
  std::size_t gathered = 0;
  for (const StandbyTask::Changelog* each : followed_) gathered += each->gathered.bytes();
  return gathered >= settings_.buffer_bytes;
}

// One at a time.
void StandbyTasks::apply_due() {
  const bool full = is_full();
  for (auto& [id, standby] : standbys_) {
    if (standby.task == nullptr || standby.patience.pausing()) continue;
    for (StandbyTask::Changelog& each : standby.task->changelogs()) {
      const bool is_due = full || each.gathered.bytes() >= kBatchBytes || now_ - each.since >= kApplyInterval;
      if (!each.gathered.empty() && is_due) return apply(id, standby, each);
    }
  }
}

void StandbyTasks::apply(const TaskId& id, Standby& standby, StandbyTask::Changelog& changelog) {
  const absl::StatusOr<std::uint64_t> records = standby.task->apply(changelog);
  if (!records.ok()) return bear(id, standby, records.status());
  standby.patience.succeeded();
  environment_.metrics.add(environment_.metrics.standby_records, *records);
}

void StandbyTasks::bear(const TaskId& id, Standby& standby, const absl::Status& failure) {
  if (absl::IsDataLoss(failure)) {
    standby.task.reset();
    changed_ = true;
    environment_.active.destroy(id, failure).IgnoreError();  // what must not be destroyed is left to who needs it
  }
  standby.patience.bear(later(failure)).IgnoreError();
}

void StandbyTasks::measure() {
  next_measure_ = now_ + kMeasureInterval;
  std::uint64_t open = 0;
  std::uint64_t lag = 0;
  for (const auto& [id, standby] : standbys_) {
    if (standby.task == nullptr) continue;
    ++open;
    lag += standby.task->lag();
  }
  environment_.metrics.standby_tasks.store(open, std::memory_order_relaxed);
  environment_.metrics.standby_lag.store(lag, std::memory_order_relaxed);
}

void StandbyTasks::on_record(std::size_t tag, const LogRecord& record) {
  ++read_records_;
  if (tag < followed_.size()) followed_[tag]->push(record, now_);
}

void StandbyTasks::on_end_of_partition(std::size_t tag, Offset next) {
  if (tag < followed_.size()) followed_[tag]->reached_end(next);
}

}  // namespace levada
