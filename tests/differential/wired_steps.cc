#include "tests/differential/wired_steps.h"

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
  Remember(Context& context, Duration shift, const StoreRef<Store>& store)
      : shift_(shift), store_(context.store(store)) {}

  void process(const Record& record) override {
    const Text next = remember(store_, record.key, record.value);
    emit({record.key, next, shifted(record.timestamp, shift_), record.headers});
  }

 private:
  const Duration shift_;
  Store& store_;
};

// Keeps what it is told, and emits all of it now and then.
class Tell final : public TextProcessor {
 public:
  Tell(Context& context, Duration interval, PunctuationType type, const StoreRef<Store>& store)
      : store_(context.store(store)) {
    context.schedule(interval, type, [this](Timestamp now) { tell(now); });
  }

  void process(const Record& record) override { remember(store_, record.key, record.value); }

 private:
  void tell(Timestamp now) {
    for (const auto& [key, value] : store_.all()) {
      const Text k = key;
      const Text v = value;
      emit({k, v, now});
    }
  }

  Store& store_;
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

  absl::StatusOr<Topology> build() { return builder_.build(); }

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
      builder_.add_processor<Remember>(name, parents_of(step), Duration(step.value("shift", 0)), store(step));
    } else if (op == "tell") {
      const auto type =
          step.value("wall_clock", false) ? PunctuationType::kWallClockTime : PunctuationType::kStreamTime;
      builder_.add_processor<Tell>(name, parents_of(step), Duration(step.at("interval")), type, store(step));
    } else {
      throw InvalidCase("no step " + step.dump());
    }
  }

  // The step that names it first says how it is.
  StoreRef<Store> store(const Json& step) {
    const std::string name = step.at("store");
    const auto known = stores_.find(name);
    if (known != stores_.end()) return known->second;
    const StoreRef<Store> made = builder_.add_state_store<Store>(
        name, {.engine = step.value("in_memory", false) ? StoreEngine::kInMemory : StoreEngine::kRocksDb,
               .caching = step.value("caching", false),
               .logging = step.value("logging", true)});
    return stores_.emplace(name, made).first->second;
  }

  const Json& steps_;
  TopologyBuilder builder_ = {};
  std::map<std::string, StoreRef<Store>> stores_ = {};
};

}  // namespace

absl::StatusOr<Topology> wire(const nlohmann::json& steps) { return Wiring(steps).build(); }

}  // namespace levada::differential
