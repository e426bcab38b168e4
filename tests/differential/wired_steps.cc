#include "tests/differential/wired_steps.h"

#include <limits>
#include <map>
#include <string>
#include <vector>

#include <levada/dsl/topology_builder.h>

#include "tests/differential/handles.h"
#include "tests/differential/remembering.h"

namespace levada::differential {
namespace {

using TextProcessor = Processor<Text, Text, Text, Text>;

// Emits what its key has had so far, perhaps at another time.
class Remember final : public TextProcessor {
 public:
  Remember(Context& context, Duration shift, bool marks, const StoreRef<Store>& store)
      : shift_(shift), marks_(marks), store_(context.store(store)) {}

  void process(const Record& record) override {
    const Text next = remember(store_, record.key, record.value);
    const Timestamp time = shifted(record.timestamp, shift_);
    if (!marks_) return emit({record.key, next, time, record.headers});
    const Headers headers = marked(record.headers, record.value);
    emit({record.key, next, time, headers});
  }

 private:
  const Duration shift_;
  const bool marks_;
  Store& store_;
};

struct Telling {
  Duration interval;
  PunctuationType type;
  int times;
};

// Keeps what it is told, and emits all of it now and then.
class Tell final : public TextProcessor {
 public:
  Tell(Context& context, const Telling& when, const StoreRef<Store>& store)
      : context_(context), left_(when.times), store_(context.store(store)) {
    schedule_ = context.schedule(when.interval, when.type, [this](Timestamp now) { tell(now); });
  }

  void process(const Record& record) override { remember(store_, record.key, record.value); }

 private:
  void tell(Timestamp now) {
    if (--left_ == 0) context_.cancel(schedule_);
    for (const auto& [key, value] : store_.all()) {
      const Text k = key;
      const Text v = value;
      emit({k, v, now});
    }
  }

  Context& context_;
  int left_;
  Store& store_;
  PunctuationId schedule_ = {};
};

// Emits to one of the nodes below, as many further as the value has letters.
class Choose final : public TextProcessor {
 public:
  explicit Choose(std::vector<std::string> children) : children_(std::move(children)) {}

  void process(const Record& record) override {
    if (children_.empty()) return emit(record);
    emit(record, children_[record.value.value_or("").size() % children_.size()]);
  }

 private:
  const std::vector<std::string> children_;
};

TopologyBuilder::Names parents_of(const Json& step) {
  TopologyBuilder::Names parents = {step.at("of").get<std::string>()};
  if (step.contains("with")) parents.push_back(step.at("with"));
  return parents;
}

std::vector<std::string> children_of(const Json& steps, const std::string& name) {
  std::vector<std::string> children;
  for (const Json& step : steps) {
    if (step.value("of", "") == name || step.value("with", "") == name) children.push_back(step.at("as"));
  }
  return children;
}

class Wiring {
 public:
  explicit Wiring(const Json& steps) : steps_(steps) {
    for (const Json& step : steps) add(step);
  }

  absl::StatusOr<Topology> build(const BuildOptions& options) { return builder_.build(options); }

 private:
  void add(const Json& step) {
    const std::string name = step.at("as");
    const std::string op = step.at("op");
    if (op == "add_source") {
      builder_.add_source<Text, Text>(name, step.at("topics").get<std::vector<std::string>>());
    } else if (op == "add_sink") {
      builder_.add_sink<Text, Text>(name, step.at("topic").get<std::string>(), parents_of(step));
    } else if (op == "choose") {
      builder_.add_processor<Choose>(name, parents_of(step), children_of(steps_, name));
    } else if (op == "remember") {
      builder_.add_processor<Remember>(name, parents_of(step), Duration(step.value("shift", 0)),
                                       step.value("marks", false), store(step));
    } else if (op == "add_global_store") {
      const std::string global = step.at("store");
      stores_.emplace(global, builder_.add_global_store<Store, Fill>(
                                  global, {.topic = step.at("topic"), .source = name + "-source", .processor = name},
                                  {.engine = engine(step)}));
    } else if (op == "ask") {
      builder_.add_processor<Ask<Text>>(name, parents_of(step), store(step));
    } else if (op == "tell") {
      const auto type =
          step.value("wall_clock", false) ? PunctuationType::kWallClockTime : PunctuationType::kStreamTime;
      const Telling when = {Duration(step.at("interval")), type, step.value("times", std::numeric_limits<int>::max())};
      builder_.add_processor<Tell>(name, parents_of(step), when, store(step));
    } else {
      throw InvalidCase("no step " + step.dump());
    }
  }

  static StoreEngine engine(const Json& step) {
    return step.value("in_memory", false) ? StoreEngine::kInMemory : StoreEngine::kRocksDb;
  }

  // The step that names it first says how it is.
  StoreRef<Store> store(const Json& step) {
    const std::string name = step.at("store");
    const auto known = stores_.find(name);
    if (known != stores_.end()) return known->second;
    const StoreRef<Store> made = builder_.add_state_store<Store>(
        name,
        {.engine = engine(step), .caching = step.value("caching", false), .logging = step.value("logging", true)});
    return stores_.emplace(name, made).first->second;
  }

  const Json& steps_;
  TopologyBuilder builder_ = {};
  std::map<std::string, StoreRef<Store>> stores_ = {};
};

}  // namespace

absl::StatusOr<Topology> wire(const nlohmann::json& steps, const BuildOptions& options) {
  return Wiring(steps).build(options);
}

}  // namespace levada::differential
