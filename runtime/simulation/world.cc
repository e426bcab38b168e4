#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/app_setup.h>
#include <levada/runtime/simulation/state_directories.h>
#include <levada/runtime/simulation/world.h>

namespace levada::internal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kRound = milliseconds(10);
constexpr Duration kTimeout = seconds(1);  // of requests that no fault happens to
constexpr double kSends = 1.0 / 50;        // so many more requests than others they are

constexpr std::size_t kFeeds = 8;  // of so many steps one brings input

const Logger kNoLog = {};

bool is_answer(std::string_view what) { return what.ends_with("answer"); }

}  // namespace

SimulatedWorld::SimulatedWorld(const Topology& topology, const SimulationOptions& options, const Input& input,
                               std::filesystem::path directory)
    : topology_(topology),
      options_(options),
      input_(input),
      directory_(std::move(directory)),
      clock_(options.start_time),
      trace_(clock_),
      random_(options.seed),
      cluster_(clock_, {.log_cleaner_interval = Duration(0)}),
      rates_(options.faults) {}

SimulatedWorld::~SimulatedWorld() { faulty_ = false; }

void SimulatedWorld::set_view(const ClusterView& view) {
  if (view) view_ = view(cluster_);
}

StreamsConfig SimulatedWorld::config(const std::string& instance) const {
  StreamsConfig config;
  config.set("application.id", "app");
  config.set("bootstrap.servers", "embedded");
  config.set("processing.guarantee", "exactly_once_v2");
  config.set("commit.interval.ms", "100");
  config.set("session.timeout.ms", "3000");
  config.set("heartbeat.interval.ms", "1000");
  config.set("producer.transaction.timeout.ms", "5000");
  config.set("num.stream.threads", std::to_string(options_.threads));
  for (const auto& [key, value] : options_.settings) config.set(key, value);
  config.set("state.dir", (directory_ / instance).string());
  return config;
}

absl::Status SimulatedWorld::run() {
  for (const auto& instance : instances_) LEVADA_RETURN_IF_ERROR(instance->start());
  faulty_ = true;
  for (std::size_t i = 0; i < steps() && violation_.ok(); ++i) step();
  LEVADA_RETURN_IF_ERROR(recover());
  LEVADA_RETURN_IF_ERROR(finish());
  return check_watched();
}

absl::Status SimulatedWorld::prepare() {
  const StreamsConfig settings = config({});
  LEVADA_RETURN_IF_ERROR(settings.validate());
  exactly_once_ = settings.processing_guarantee() == ProcessingGuarantee::kExactlyOnceV2;
  LEVADA_RETURN_IF_ERROR(check_built_as_configured(topology_, settings));
  LEVADA_ASSIGN_OR_RETURN(const auto admin, cluster_.admin({}));
  LEVADA_RETURN_IF_ERROR(create_topics(*admin));
  LEVADA_ASSIGN_OR_RETURN(found_, find_topics(topology_, settings, *admin, {}, kNoLog));
  LEVADA_ASSIGN_OR_RETURN(plan_, prepare_topics(*found_, settings, *admin, {}, kNoLog));
  LEVADA_ASSIGN_OR_RETURN(producer_, cluster_.producer({}));
  std::vector<TopicPartition> watched;
  for (const auto& [topic, count] : outputs_) {
    for (Partition partition = 0; partition < count; ++partition) watched.push_back({topic, partition});
  }
  LEVADA_ASSIGN_OR_RETURN(watcher_, TopicReader::create(cluster_, watched));
  choose_faults();
  for (int i = 1; i <= options_.instances; ++i) {
    instances_.push_back(std::make_unique<SimulatedInstance>(*this, fmt::format("instance-{}", i)));
  }
  return absl::OkStatus();
}

// All that are not the application's own: those of the topology, of its input, of the options.
absl::Status SimulatedWorld::create_topics(Admin& admin) {
  std::map<std::string, Partition> topics = options_.topics;
  for (const NodeSpec& node : topology_.nodes) {
    for (const std::string& topic : node.topics) {
      if (topology_.repartition_topics.contains(topic)) continue;
      topics.try_emplace(topic, options_.partitions);
      if (node.kind == NodeKind::kSink) outputs_[topic] = topics[topic];
    }
  }
  for (const auto& [topic, record] : input_) topics.try_emplace(topic, options_.partitions);
  for (const auto& [topic, comparison] : options_.comparisons) {
    outputs_[topic] = topics.try_emplace(topic, options_.partitions).first->second;
  }
  const std::string dead_letters = config({}).dead_letter_topic();
  if (!dead_letters.empty()) topics.try_emplace(dead_letters, options_.partitions);
  std::vector<NewTopic> made;
  for (const auto& [topic, count] : topics) made.push_back({.name = topic, .partitions = count});
  return admin.create_topics(made, kTimeout);
}

// Few kinds at once, and often, find what all of them hide.
void SimulatedWorld::choose_faults() {
  constexpr double kFactors[] = {0, 1, 1, 3};
  for (double* rate : {&rates_.crashes, &rates_.stops, &rates_.stalls, &rates_.cuts, &rates_.full_disks, &rates_.errors,
                       &rates_.delays, &rates_.deaths}) {
    *rate *= random_.one_of(kFactors);
  }
}

bool SimulatedWorld::has_no_zombies() const {
  return exactly_once_ || rates_.stalls + rates_.cuts + rates_.errors + rates_.delays == 0;
}

void SimulatedWorld::step() {
  clock_.advance(random_.below(50) == 0 ? random_.between(milliseconds(100), seconds(1)) : kRound);
  if (random_.below(kFeeds) == 0) feed(random_.below(2 + 2 * kFeeds * input_.size() / steps()));
  run_instances();
  disturb(*instances_[random_.below(instances_.size())]);
  violation_.Update(watcher_->read());
}

void SimulatedWorld::feed(std::size_t records) {
  for (; records > 0 && fed_ < input_.size(); --records, ++fed_) {
    const auto& [topic, record] = input_[fed_];
    const auto handle = producer_->topic(topic, kTimeout);
    violation_.Update(handle.status());
    if (!handle.ok()) return;
    violation_.Update(producer_->send({.topic = *handle,
                                       .key = record.key ? NullableView(*record.key) : std::nullopt,
                                       .value = record.value ? NullableView(*record.value) : std::nullopt,
                                       .timestamp = record.timestamp,
                                       .headers = &record.headers}));
  }
}

void SimulatedWorld::run_instances() {
  const std::size_t first = random_.below(instances_.size());
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    violation_.Update(instances_[(first + i) % instances_.size()]->round());
  }
}

// The others go on while one waits.
void SimulatedWorld::let_pass(Duration time) {
  const auto until = clock_.steady_now() + time;
  while (clock_.steady_now() < until && violation_.ok()) {
    clock_.advance(kRound);
    run_instances();
  }
}

void SimulatedWorld::note(const SimulatedInstance& instance, const std::string& kind, const std::string& what) {
  ++faults_[kind];
  trace_.step(instance.name(), what);
}

void SimulatedWorld::disturb(SimulatedInstance& instance) {
  if (instance.may_start()) {
    trace_.step(instance.name(), "starts");
    violation_.Update(instance.start());
  } else if (!instance.alive()) {
    return;
  } else if (happens(rates_.crashes)) {
    note(instance, "crashes", "crashes");
    instance.crash();
  } else if (happens(rates_.stops)) {
    note(instance, "stops", "stops");
    instance.stop().IgnoreError();  // it may be kept from committing, which others then do
  } else if (happens(rates_.stalls)) {
    const Duration time = random_.between(kRound, seconds(8));
    note(instance, "stalls", fmt::format("stalls for {} ms", time.count()));
    instance.stall(time);
  } else if (happens(rates_.cuts)) {
    const Duration time = random_.between(kRound, seconds(6));
    note(instance, "cuts", fmt::format("reaches no broker for {} ms", time.count()));
    instance.cut_off(time);
  } else if (happens(rates_.full_disks)) {
    const Duration time = random_.between(kRound, seconds(3));
    note(instance, "full disks", fmt::format("has a full disk for {} ms", time.count()));
    instance.fill_disk(time);
  }
}

absl::Status SimulatedWorld::on_request(SimulatedInstance& instance, UnreliableCluster& cluster,
                                        const ClusterRequest& request) {
  trace_.request(instance.name(), request.what, request.about);
  if (!faulty_) return absl::OkStatus();
  const double part = request.what == "send" ? kSends : 1;
  const auto what = [&request] { return fmt::format("{} {}", request.what, request.about); };
  if (happens(rates_.deaths * part)) {
    note(instance, "crashes", "crashes at " + what());
    cluster.die();
    return absl::UnavailableError("the instance was killed");
  }
  if (happens(rates_.delays * part)) {
    const Duration time = random_.between(kRound, seconds(5));
    note(instance, "delays", fmt::format("waits {} ms: {}", time.count(), what()));
    let_pass(time);
  }
  if (!happens(rates_.errors * part)) return absl::OkStatus();
  const absl::Status fault = fault_of(request);
  if (!fault.ok()) note(instance, "errors", fmt::format("{}: {}", what(), absl::StatusCodeToString(fault.code())));
  return fault;
}

// What a client of Kafka may say without ending its thread.
absl::Status SimulatedWorld::fault_of(const ClusterRequest& request) {
  using Code = absl::StatusCode;
  constexpr Code kTransactional[] = {Code::kAborted, Code::kUnavailable, Code::kDeadlineExceeded,
                                     Code::kFailedPrecondition};
  constexpr Code kGivenUp[] = {Code::kAborted, Code::kDeadlineExceeded, Code::kFailedPrecondition};
  constexpr Code kPassing[] = {Code::kUnavailable, Code::kDeadlineExceeded};
  const auto fails = [&](Code code) { return absl::Status(code, fmt::format("{}: no success", request.what)); };
  const std::string_view what = request.what;
  if (what == "send") return exactly_once_ ? fails(Code::kAborted) : absl::OkStatus();
  if (what == "flush") return fails(exactly_once_ ? random_.one_of(kGivenUp) : Code::kDeadlineExceeded);
  if (what == "flush answer") return fails(Code::kDeadlineExceeded);
  if (is_answer(what) || what == "commit") return fails(Code::kUnavailable);
  if (what == "send_offsets" || what == "commit_transaction" || what == "abort_transaction") {
    return fails(random_.one_of(kTransactional));
  }
  return fails(random_.one_of(kPassing));
}

absl::Status SimulatedWorld::on_write(SimulatedInstance& instance, UnreliableCluster& cluster,
                                      const std::string& task) {
  if (!faulty_ || !happens(rates_.deaths)) return absl::OkStatus();
  note(instance, "crashes", "crashes before it writes to the disk, task " + task);
  cluster.die();
  return absl::UnavailableError("the instance was killed");
}

void SimulatedWorld::after_crash(SimulatedInstance& instance) {
  if (!faulty_ || !options_.on_disk) return;
  if (happens(rates_.torn_directories)) {
    note(instance, "torn directories", tear_database(instance.directory(), random_));
  } else if (happens(rates_.damaged_directories)) {
    note(instance, "damaged directories", damage_database(instance.directory(), random_));
  } else if (happens(rates_.lost_directories)) {
    note(instance, "lost directories", "loses its disk");
    instance.lose_directory();
  }
}

// From now on all must be well, in bounded time.
absl::Status SimulatedWorld::recover() {
  LEVADA_RETURN_IF_ERROR(violation_);
  faulty_ = false;
  trace_.step("all", "the faults are over");
  feed(input_.size());
  for (const auto& instance : instances_) {
    instance->heal();
    if (!instance->alive()) LEVADA_RETURN_IF_ERROR(instance->start());
  }
  // Not only up to what is decided: a transaction of somebody who crashed hides what stands behind it.
  LEVADA_ASSIGN_OR_RETURN(const auto admin, cluster_.admin({{"isolation.level", "read_uncommitted"}}));
  EndOfInput end(application_id(), *plan_, *admin);
  LEVADA_RETURN_IF_ERROR(end.note_inputs());
  const auto deadline = clock_.steady_now() + options_.patience;
  for (;;) {
    let_pass(kRound);
    violation_.Update(watcher_->read());
    LEVADA_RETURN_IF_ERROR(violation_);
    LEVADA_ASSIGN_OR_RETURN(const bool reached, end.reached());
    if (reached) return absl::OkStatus();
    if (clock_.steady_now() >= deadline) {
      return absl::InternalError(fmt::format("{} s after the last fault the input is not processed to its end",
                                             std::chrono::floor<seconds>(options_.patience).count()));
    }
  }
}

absl::Status SimulatedWorld::finish() {
  for (const auto& instance : instances_) {
    const absl::Status left = instance->stop();
    if (!left.ok()) {
      return absl::InternalError(fmt::format("{} cannot stop: {}", instance->name(), std::string(left.message())));
    }
  }
  took_ = clock_.now() - options_.start_time;
  // What somebody left undecided who did not come back hides what stands behind it, until its time is over.
  clock_.advance(options_.patience);
  return absl::OkStatus();
}

// What a reader saw meanwhile is what one finds who comes later.
absl::Status SimulatedWorld::check_watched() {
  LEVADA_RETURN_IF_ERROR(watcher_->read());
  std::vector<TopicPartition> partitions;
  for (const auto& [partition, records] : watcher_->records()) partitions.push_back(partition);
  LEVADA_ASSIGN_OR_RETURN(const auto later, TopicReader::create(cluster_, partitions));
  LEVADA_RETURN_IF_ERROR(later->read());
  for (const TopicPartition& partition : partitions) {
    if (watcher_->records(partition) == later->records(partition)) continue;
    return absl::InternalError(
        fmt::format("{}: a reader of committed records has seen {} records, of which others "
                    "find {}, or others",
                    partition.to_string(), watcher_->records(partition).size(), later->records(partition).size()));
  }
  return absl::OkStatus();
}

}  // namespace levada::internal
