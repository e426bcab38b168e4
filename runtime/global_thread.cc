#include <algorithm>
#include <utility>

#include <levada/core/errors.h>
#include <levada/core/status_macros.h>
#include <levada/runtime/global_thread.h>

namespace levada {
namespace {

constexpr Duration kRequestTimeout = std::chrono::seconds(5);
constexpr Duration kRetryWait = std::chrono::milliseconds(20);

// Nothing goes out of what fills a global store.
class NoOutput final : public RecordCollector {
 public:
  SinkTopic topic(const std::string& name) override { refuse(name); }
  const std::string& name(SinkTopic) const override { refuse("another topic"); }
  Partition partitions(SinkTopic) const override { return 0; }
  void send(SinkTopic, const OutputRecord&) override { refuse("another topic"); }

 private:
  [[noreturn]] static void refuse(const std::string& topic) {
    throw TaskError(absl::FailedPreconditionError("what fills a global store cannot send records to " + topic));
  }
};

}  // namespace

absl::StatusOr<std::unique_ptr<GlobalThread>> GlobalThread::create(GlobalThreadSettings settings,
                                                                   GlobalThreadEnvironment environment) {
  LEVADA_ASSIGN_OR_RETURN(auto consumer, environment.cluster.consumer(settings.consumer));
  std::unique_ptr<GlobalThread> thread(
      new GlobalThread(std::move(settings), std::move(environment), std::move(consumer)));
  LEVADA_RETURN_IF_ERROR(thread->open_stores());
  return thread;
}

GlobalThread::GlobalThread(GlobalThreadSettings settings, GlobalThreadEnvironment environment,
                           std::unique_ptr<Consumer> consumer)
    : settings_(std::move(settings)),
      environment_(std::move(environment)),
      dropped_(environment_.log, environment_.clock),
      no_output_(std::make_unique<NoOutput>()),
      consumer_(std::move(consumer)),
      patience_("global stores", settings_.timeout, environment_.clock, environment_.log) {}

absl::Status GlobalThread::open_stores() {
  std::vector<TaskPlan> plans = environment_.plan.global_tasks();
  for (TaskPlan& plan : plans) {
    plan.default_timestamp_extractor = settings_.default_timestamp_extractor;
  }
  LEVADA_ASSIGN_OR_RETURN(stores_, GlobalStores::open(std::move(plans),
                                                      {.application_id = settings_.application_id,
                                                       .collector = *no_output_,
                                                       .dropped = dropped_,
                                                       .clock = environment_.clock,
                                                       .errors = settings_.errors,
                                                       .app_configs = settings_.app_configs,
                                                       .metrics = &sensors_,
                                                       .disk_faults = environment_.disk_faults},
                                                      settings_.directory, environment_.budget));
  return absl::OkStatus();
}

absl::Status GlobalThread::run_once() {
  if (inputs_.empty()) LEVADA_RETURN_IF_ERROR(settle_begin(begin()));
  LEVADA_RETURN_IF_ERROR(poll());
  if (!patience_.pausing()) {
    const absl::Status processed = stores_->process().status();
    if (!processed.ok()) return patience_.bear(processed);
    patience_.succeeded();
  }
  if (!restored_ && !inputs_.empty()) note_restored();
  return absl::OkStatus();
}

// What cannot be committed yet does not grow.
absl::Status GlobalThread::poll() {
  if (patience_.waiting()) return consumer_->poll(kRetryWait, 0, *this);
  return consumer_->poll(settings_.poll_time, restored_ ? settings_.max_poll_records : settings_.max_restore_records,
                         *this);
}

absl::Status GlobalThread::begin() {
  if (patience_.pausing()) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(locate_inputs());
  std::vector<Assignment> assignments;
  for (const Input& input : inputs_) {
    assignments.push_back({input.input->where(), input.input->position(), assignments.size()});
    if (input.complete || environment_.restore_listener == nullptr) continue;
    environment_.restore_listener->on_restore_start(input.input->where(), store_of(input), input.input->position(),
                                                    input.end);
  }
  return consumer_->assign(assignments);
}

absl::Status GlobalThread::settle_begin(const absl::Status& begun) {
  if (begun.ok()) return begun;
  inputs_.clear();
  return patience_.bear(begun);
}

absl::Status GlobalThread::locate_inputs() {
  for (std::size_t task = 0; task < stores_->tasks(); ++task) {
    for (std::size_t i = 0; i < stores_->task(task).inputs(); ++i) {
      PartitionInput* input = &stores_->task(task).input(i);
      LEVADA_ASSIGN_OR_RETURN(const OffsetRange log, consumer_->offsets(input->where(), kRequestTimeout));
      if (input->position() > log.end) {
        environment_.log.warn("a global store stands past the end of its topic and is filled anew",
                              {{"topic", input->where().to_string()}, {"end", log.end}});
        LEVADA_RETURN_IF_ERROR(stores_->empty(task));
        return absl::UnavailableError("a global store is filled anew");
      }
      if (input->position() < log.begin) input->start_at(log.begin, kNoTimestamp);
      inputs_.push_back({.task = task, .input = input, .end = log.end, .complete = input->position() >= log.end});
    }
  }
  return absl::OkStatus();
}

std::uint64_t GlobalThread::restored_records() const {
  std::uint64_t sum = 0;
  for (const Input& input : inputs_) sum += input.restored;
  return sum;
}

void GlobalThread::note_restored() {
  for (Input& input : inputs_) {
    if (input.complete || (!input.input->at_end() && input.input->position() < input.end)) continue;
    input.complete = true;
    if (environment_.restore_listener == nullptr) continue;
    environment_.restore_listener->on_restore_end(input.input->where(), store_of(input), input.restored);
  }
  restored_ = std::ranges::all_of(inputs_, [](const Input& input) { return input.complete; });
}

void GlobalThread::on_record(std::size_t tag, const LogRecord& record) {
  inputs_[tag].input->push(record);
  if (!restored_) ++inputs_[tag].restored;
}

void GlobalThread::on_end_of_partition(std::size_t tag, Offset next) { inputs_[tag].input->reached_end(next); }

}  // namespace levada
