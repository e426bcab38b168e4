#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <levada/core/errors.h>
#include <levada/core/position.h>
#include <levada/core/status_macros.h>
#include <levada/runtime/internal_topics.h>
#include <levada/runtime/task.h>
#include <levada/state/store_error.h>

namespace levada {

namespace {

// A version, and the position: what Kafka Streams adds for queries that must be consistent.
Headers position_headers(const Position& position) {
  Bytes bytes;
  append_position(in_java_order(position), bytes);
  return {{"v", Bytes(1, '\0')}, {"c", std::move(bytes)}};
}

}  // namespace

template <class Step>
absl::Status Task::guarded(Step step) {
  try {
    step();
    return absl::OkStatus();
  } catch (const StoreError& error) {
    damaged_ = damaged_ || absl::IsDataLoss(error.status());
    return {error.status().code(), fmt::format("{}: {}", place(), error.what())};
  } catch (const TaskError& error) {
    return {error.status().code(), fmt::format("{}: {}", place(), error.what())};
  } catch (const OutputError& error) {
    return absl::InvalidArgumentError(fmt::format("{}: {}", place(), error.what()));
  } catch (...) {
    return absl::InternalError(fmt::format("{}: {}", place(), current_exception_text()));
  }
}

absl::StatusOr<std::unique_ptr<Task>> Task::open(TaskPlan plan, const TaskEnvironment& environment,
                                                 std::optional<std::filesystem::path> directory, MemoryBudget& budget) {
  auto task = std::unique_ptr<Task>(new Task(std::move(plan), environment));
  LEVADA_ASSIGN_OR_RETURN(task->state_, TaskState::open({.directory = directory,
                                                         .stores = task->plan_.stores,
                                                         .budget = budget,
                                                         .current = task->current_,
                                                         .disk_faults = environment.disk_faults}));
  task->context_ =
      std::make_unique<TaskContext>(task->plan_.id, *task->plan_.topology, environment, *task->state_, task->current_);
  task->context_->set_directory(std::move(directory));
  task->context_->set_default_timestamp_extractor(task->plan_.default_timestamp_extractor);
  task->context_->set_time_limit(task->time_.limit());
  if (task->plan_.time_mark_interval) {
    task->teller_ = std::make_unique<TimeTeller>(
        TimeTellerSettings{.task = task->id(), .topics = task->plan_.told, .interval = *task->plan_.time_mark_interval},
        environment.collector, environment.clock);
    task->context_->set_collector(*task->teller_);
  }
  task->keeps_source_bytes_ = environment.errors.wants_source_bytes();
  return task;
}

Task::Task(TaskPlan plan, const TaskEnvironment& environment)
    : plan_(std::move(plan)), environment_(environment), silent_sources_(environment.clock) {}

absl::Status Task::start() {
  return guarded([this] {
    for (StoreHost* host : state_->hosts()) {
      const std::string& name = host->spec().name;
      host->set_drop_listener([this](DropReason reason) { context_->drop(reason); });
      if (plan_.position_headers) host->track_position();
      host->expire_by(time_.of_records());
      if (host->has_segments()) host->segments().set_time_limit(time_limit_of(host->spec()));
      has_caches_ = has_caches_ || host->spec().caching || host->spec().transient;
      if (host->spec().transient) combiners_.push_back(host);
      if (!host->spec().logging) continue;
      changelogs_[name] = environment_.collector.topic(changelog_topic_name(environment_.application_id, name));
    }
    graph_ = std::make_unique<TaskGraph>(*plan_.topology, plan_.nodes, *context_);
    for (const TaskInput& input : plan_.inputs) make_input(input);
    at_once_ = !plan_.feeds_tasks && teller_ == nullptr && !keeps_source_bytes_ && stores_by_key().empty();
    find_time_limit();
  });
}

absl::Status Task::add_input(const TaskInput& input) {
  return guarded([&] {
    make_input(input);
    plan_.inputs.push_back(input);
  });
}

void Task::make_input(const TaskInput& input) {
  SourceReader& source = graph_->source(input.topic_in_topology);
  inputs_.push_back(std::make_unique<PartitionInput>(input.partition, source, context_->errors(), stores_by_key()));
  if (input.partition.topic != input.topic_in_topology) inputs_.back()->expect_marks();
  if (plan_.time_mark_interval && !input.upstream.empty()) inputs_.back()->listen_to(input.upstream);
  silent_sources_.add(*inputs_.back(), dynamic_cast<Node&>(source), input.idle_timeout);
}

// Those that may have an entry for the key of a record. If they have none, since operators in between change the key, a
// hint costs little and does nothing.
std::vector<StoreHost*> Task::stores_by_key() const {
  std::vector<StoreHost*> stores;
  for (StoreHost* host : state_->hosts()) {
    if (host->spec().shape == StoreShape::kKeyValue && !host->spec().transient) stores.push_back(host);
  }
  return stores;
}

std::size_t Task::buffered_bytes() const {
  std::size_t sum = 0;
  for (const auto& input : inputs_) sum += input->buffered_bytes();
  return sum;
}

absl::StatusOr<bool> Task::prepare() {
  bool waits = false;
  waits_for_log_ = false;
  // The order of equals is that in which they come: what was processed last is back before others are looked at.
  if (last_ < inputs_.size()) LEVADA_RETURN_IF_ERROR(line_up(last_));
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    LEVADA_RETURN_IF_ERROR(line_up(i));
    if (!inputs_[i]->has_head()) waits = must_wait_for(i) || waits;
  }
  holds_back_ = !order_.empty() && waits;
  waits_for_log_ = waits_for_log_ && holds_back_;
  return !order_.empty() && !waits;
}

absl::Status Task::line_up(std::size_t index) {
  PartitionInput& input = *inputs_[index];
  if (input.has_head()) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(input.advance(environment_.dropped));
  if (input.has_head()) order_.add(index, input.head_time());
  return absl::OkStatus();
}

bool Task::must_wait_for(std::size_t index) {
  if (plan_.max_task_idle < Duration(0)) return false;
  PartitionInput& input = *inputs_[index];
  const Duration longest = std::min(plan_.max_task_idle, plan_.inputs[index].idle_timeout.value_or(Duration::max()));
  if (input.at_end()) return !input.silent_for(longest, environment_.clock);
  waits_for_log_ = true;
  return true;
}

absl::Status Task::process() {
  last_ = order_.first();
  PartitionInput& input = *inputs_[last_];
  const absl::Status processed = process_head(input);
  if (!input.has_head()) order_.pop();
  return processed;
}

absl::StatusOr<bool> Task::process_at_once(const LogRecord& record) {
  PartitionInput& input = *inputs_.front();
  LEVADA_RETURN_IF_ERROR(input.advance_to(record, environment_.dropped));
  if (!input.has_head()) return false;
  LEVADA_RETURN_IF_ERROR(process_head(input));
  return true;
}

absl::Status Task::process_head(PartitionInput& input) {
  current_ = input.head_context();
  if (keeps_source_bytes_) {
    source_bytes_ = input.head_bytes();
    current_.source_bytes = &source_bytes_;
  }
  if (teller_ != nullptr) [[unlikely]] {
    input.listen();
    if (!has_caches_) find_time_limit();
  }
  time_.observe(current_.timestamp);
  if (time_.of_records() > stream_time_) set_stream_time(time_.of_records());
  if (teller_ != nullptr) [[unlikely]]
    teller_->set_time(has_caches_ ? flushed_time_ : time_.of_records());
  dirty_ = true;
  const absl::Status processed = guarded([&input] { input.process(); });
  current_ = {};
  return processed;
}

absl::Status Task::send_combined(std::size_t combiner) {
  return guarded([&] {
    combiners_[combiner]->flush_cache();
    current_ = {};
  });
}

std::uint64_t Task::take_processed_inputs() {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const std::uint64_t processed = inputs_[i]->take_processed();
    if (!is_internal(i)) sum += processed;
  }
  return sum;
}

bool Task::has_all_inputs() const {
  return std::ranges::all_of(inputs_, [](const auto& input) { return input->has_head() || input->at_end(); });
}

bool Task::at_end() const {
  return std::ranges::all_of(inputs_, [](const auto& input) { return input->at_end(); });
}

absl::Status Task::punctuate_stream_time() {
  if (stream_time_ == kNoTimestamp) return absl::OkStatus();
  return punctuate(PunctuationType::kStreamTime, stream_time_);
}

absl::Status Task::punctuate_wall_clock() {
  return punctuate(PunctuationType::kWallClockTime, environment_.clock.now());
}

absl::Status Task::keep_up() {
  if (listens_upstream() && holds_nothing_back()) {
    LEVADA_RETURN_IF_ERROR(guarded([this] { follow_upstream(); }));
    LEVADA_RETURN_IF_ERROR(punctuate_stream_time());
  }
  LEVADA_RETURN_IF_ERROR(advance_in_silence());
  return guarded([this] {
    for (StoreHost* host : state_->hosts()) dirty_ = host->remove_expired() || dirty_;
  });
}

// Not before the next commit while caches hold changes back: what waits for a window's close would go on without them.
absl::Status Task::advance_in_silence() {
  if (silent_sources_.empty() || time_.of_records() == kNoTimestamp) return absl::OkStatus();
  if (!holds_nothing_back()) return absl::OkStatus();
  const Timestamp time = std::min(silent_sources_.stream_time(time_.of_records()), time_.limit());
  if (time > stream_time_) set_stream_time(time);
  LEVADA_RETURN_IF_ERROR(guarded([this] {
    current_ = {.timestamp = stream_time_};
    if (silent_sources_.tell(stream_time_)) dirty_ = true;
    current_ = {};
  }));
  return punctuate_stream_time();
}

bool Task::holds_nothing_back() const {
  return std::ranges::all_of(state_->hosts(), [](const StoreHost* host) { return host->is_flushed(); });
}

void Task::set_stream_time(Timestamp time) {
  stream_time_ = time;
  context_->set_stream_time(time);
}

absl::Status Task::punctuate(PunctuationType type, Timestamp now) {
  if (context_->punctuations().empty()) return absl::OkStatus();
  return guarded([&] {
    current_ = {.timestamp = now};
    if (context_->punctuations().run(type, now)) dirty_ = true;
    current_ = {};
  });
}

bool Task::needs_commit() const {
  return dirty_ || std::ranges::any_of(inputs_, [](const auto& input) { return input->has_progress(); }) ||
         (teller_ != nullptr && teller_->has_news(told_time()));
}

absl::Status Task::prepare_commit() {
  return guarded([this] {
    flush_caches();
    if (listens_upstream()) {
      follow_upstream();
      flush_caches();
    }
    for (StoreHost* host : state_->hosts()) send_changes(*host);
    if (teller_ != nullptr) tell_time();
    current_ = {};
  });
}

// A flushed change may make a store upstream or downstream hold back another one.
void Task::flush_caches() {
  while (!holds_nothing_back()) {
    for (StoreHost* host : state_->hosts()) host->flush_cache();
  }
}

// Beside those of the record.
Headers Task::changelog_headers(const StoreHost& host) const {
  Headers headers = plan_.position_headers ? position_headers(host.position()) : Headers();
  if (host.has_segments() && host.segments().time_limit() != kNoTimeLimit) {
    headers.push_back(time_limit_header(host.segments().time_limit()));
  }
  return headers;
}

void Task::send_changes(StoreHost& host) {
  if (!host.spec().logging) return;
  const SinkTopic topic = changelogs_.at(host.spec().name);
  const Headers position = changelog_headers(host);
  const bool tells_limit = host.has_segments() && host.segments().time_limit() != kNoTimeLimit &&
                           host.spec().shape != StoreShape::kVersioned;
  Headers all;
  host.for_each_change_with_headers([&](BytesView key, NullableView value, Timestamp timestamp,
                                        const Headers& headers) {
    const Headers* sent = &headers;
    // The limit may have risen since the entry was put: whoever restores it takes time to have come as far as this.
    if (tells_limit) host.segments().observe(key, host.segments().time_limit());
    if (!position.empty()) {
      all = headers;
      all.insert(all.end(), position.begin(), position.end());
      sent = &all;
    }
    environment_.collector.send(
        topic, {.key = key, .value = value, .timestamp = timestamp, .headers = sent, .partition = plan_.id.partition});
  });
}

absl::Status Task::finish_commit(const std::map<std::string, Offset>& changelog_ends) {
  std::map<std::string, Offset> offsets = changelog_ends;
  add_source_positions(offsets);
  const absl::Status written = state_->commit(offsets);
  damaged_ = damaged_ || absl::IsDataLoss(written);
  if (!written.ok()) return {written.code(), fmt::format("{}: {}", place(), std::string(written.message()))};
  for (const auto& input : inputs_) input->committed();
  committed_times_ = processor_times();
  dirty_ = false;
  return absl::OkStatus();
}

void Task::suspend() {
  for (const auto& input : inputs_) input->clear();
  order_.clear();
}

std::string Task::place() const {
  const std::string task = "task " + plan_.id.to_string();
  if (current_.source == nullptr) return task;
  return fmt::format("{}, {} offset {}", task, current_.source->to_string(), current_.offset);
}

}  // namespace levada
