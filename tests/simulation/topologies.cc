#include "tests/simulation/topologies.h"

#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <levada/levada.h>
#include <levada/runtime/simulation/run.h>

namespace levada::testing {
namespace {

using namespace std::chrono_literals;

using Text = std::optional<std::string>;

constexpr int kRecords = 400;
constexpr Duration kLongGrace = 24h;  // nothing is late, in whatever order it comes

// Numbers that look like chance, and are the same for the same place.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2 + 1) {}
  int below(int end) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<int>((state_ >> 33) % static_cast<std::uint64_t>(end));
  }

 private:
  std::uint64_t state_;
};

std::string numbered(const std::string& prefix, int number) { return prefix + std::to_string(number); }

// Each record is a second later than the one before.
Timestamp at(int i) { return Timestamp(i * 1s); }

// Values of few kinds in one topic: "<kind> <number>".
void feed_events(Simulation& simulation, std::uint64_t seed) {
  Dice dice(seed);
  for (int i = 0; i < kRecords; ++i) {
    const std::string value = numbered("kind-", dice.below(12)) + " " + std::to_string(i);
    simulation.produce<std::string, std::string>("events", numbered("id-", i % 60), value, at(i));
  }
}

std::string kind_of(const std::string& value) { return value.substr(0, value.find(' ')); }

// A copy of each event, and counts of windows behind a repartition topic.
Topology orders(bool caching, Duration grace = kLongGrace) {
  StreamsBuilder builder;
  const auto events = builder.stream<std::string, std::string>("events");
  events.map_values([](const std::string& value) { return value + "!"; }).to("copies");
  events.group_by([](const std::string& value) { return kind_of(value); })
      .windowed_by(TimeWindows::of(2min, {.grace = grace}))
      .count({.store = "counts", .caching = caching})
      .to_stream()
      .to("counts");
  return builder.build().value();
}

// All that a key had so far, in a store of its own; it begins anew when that is much.
class Tally final : public Processor<std::string, std::string, std::string, std::string> {
 public:
  using Store = KeyValueStore<std::string, std::string>;

  Tally(Context& context, const StoreRef<Store>& tallies) : tallies_(context.store(tallies)) {}
  void process(const Record& record) override {
    const std::string tally = tallies_.get(record.key).value_or("") + record.value.substr(record.value.find(' '));
    if (tally.size() < 20) {
      tallies_.put(record.key, tally);
    } else {
      tallies_.erase(record.key);
    }
    emit(record.with_value(tally));
  }

 private:
  Store& tallies_;
};

Topology processor() {
  StreamsBuilder builder;
  const auto tallies = builder.add_store<Tally::Store>("tallies");
  builder.stream<std::string, std::string>("events").process<Tally>(tallies).to("tallies");
  return builder.build().value();
}

// Some events fail behind a repartition topic, and are dead letters.
Topology failing() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("events")
      .select_key([](const std::string&, const std::string& value) { return kind_of(value); })
      .repartition()
      .map_values([](const std::string& value) {
        if (value.ends_with('7')) throw std::runtime_error("no luck with " + value);
        return value;
      })
      .to("good");
  return builder.build().value();
}

std::string joined(const std::string& left, const std::string& right) { return left + "," + right; }

// Two streams by key within a minute.
Topology stream_join() {
  StreamsBuilder builder;
  const auto orders = builder.stream<std::string, std::string>("orders");
  const auto payments = builder.stream<std::string, std::string>("payments");
  orders.join(payments, joined, JoinWindows::of(1min, {.grace = kLongGrace})).to("paid");
  return builder.build().value();
}

void feed_two_streams(Simulation& simulation, std::uint64_t seed) {
  Dice dice(seed);
  for (int i = 0; i < kRecords; ++i) {
    const std::string topic = dice.below(2) == 0 ? "orders" : "payments";
    simulation.produce<std::string, std::string>(topic, numbered("id-", dice.below(40)), numbered("", i), at(i));
  }
}

// Sessions behind a repartition topic, so that their records come in any order.
Topology sessions() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("events")
      .group_by([](const std::string& value) { return kind_of(value); })
      .windowed_by(SessionWindows::of(10s, {.grace = kLongGrace}))
      .count({.store = "sessions"})
      .to_stream()
      .to("sessions");
  return builder.build().value();
}

// The counts of windows, once each, when nothing can change them any more.
Topology suppressed() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("events")
      .group_by_key()
      .windowed_by(TimeWindows::of(2min, {.grace = 10s}))
      .count({.store = "counts"})
      .suppress(Suppressed::until_window_closes(BufferConfig::unbounded(), {.name = "closed"}))
      .to_stream()
      .to("closed");
  return builder.build().value();
}

std::string customer_of(const std::string& order) { return order.substr(0, order.find(' ')); }

// Orders with their customers, who change, and orders move between them.
// Without caches: a customer who comes and goes between two commits is not told, though an order may have found it.
Topology foreign_key() {
  StreamsBuilder builder;
  const auto orders = builder.table<std::string, std::string>("orders");
  const auto customers = builder.table<std::string, std::string>("customers");
  orders.join(customers, customer_of, joined, {.name = "of-customer"}).to_stream().to("known");
  orders
      .left_join(customers, customer_of,
                 [](const std::string& order, const Text& customer) { return joined(order, customer.value_or("-")); },
                 {.name = "perhaps-of-customer"})
      .to_stream()
      .to("all");
  return builder.build().value();
}

// Orders are not deleted, and each change moves them to another customer. Else an inner join may go on to show a row
// that has no partner any more, here and in Kafka Streams: where an order comes (back), or stays with its customer, no
// answer says so, because the answer to the change before did; but that one does not count any more if it comes later.
void feed_orders_and_customers(Simulation& simulation, std::uint64_t seed) {
  constexpr int kCustomers = 12;
  Dice dice(seed);
  std::map<int, int> customers;
  for (int i = 0; i < kRecords; ++i) {
    if (dice.below(3) > 0) {
      const int order = dice.below(30);
      int& customer = customers.try_emplace(order, order % kCustomers).first->second;
      customer = (customer + 1 + dice.below(kCustomers - 1)) % kCustomers;
      const std::string value = numbered("customer-", customer) + numbered(" v", i);
      simulation.produce<std::string, Text>("orders", numbered("order-", order), value, at(i));
    } else {
      const Text name = dice.below(8) == 0 ? std::nullopt : Text(numbered("name-", i));
      simulation.produce<std::string, Text>("customers", numbered("customer-", dice.below(10)), name, at(i));
    }
  }
}

// Two tables by key, and how many of the joined rows have which parity.
Topology tables() {
  StreamsBuilder builder;
  const auto left = builder.table<std::string, std::string>("left");
  const auto right = builder.table<std::string, std::string>("right");
  const auto both = left.outer_join(
      right, [](const Text& one, const Text& other) { return joined(one.value_or("-"), other.value_or("-")); },
      {.store = "both"});
  both.to_stream().to("both");
  both.group_by([](const std::string& value) {
        return std::pair(numbered("size-", static_cast<int>(value.size() % 3)), std::int64_t{1});
      })
      .count({.store = "sizes"})
      .to_stream()
      .to("sizes");
  return builder.build().value();
}

void feed_two_tables(Simulation& simulation, std::uint64_t seed) {
  Dice dice(seed);
  for (int i = 0; i < kRecords; ++i) {
    const Text value = dice.below(6) == 0 ? std::nullopt : Text(std::string(1 + dice.below(4), 'x') + numbered("", i));
    simulation.produce<std::string, Text>(dice.below(2) == 0 ? "left" : "right", numbered("k-", dice.below(40)), value,
                                          at(i));
  }
}

}  // namespace

const std::vector<SimulatedTopology>& simulated_topologies() {
  using Comparison = OutputComparison;
  static const std::vector<SimulatedTopology> all = {
      {.name = "Orders",
       .topology = orders(false),
       .feed = feed_events,
       .at_least_once = {{"copies", Comparison::kEachRecord}},
       .settings = {{"statestore.cache.max.bytes", "0"}}},
      {.name = "CachedOrders",
       .topology = orders(true),
       .feed = feed_events,
       .comparisons = {{"counts", Comparison::kLatestOfEachKey}},
       .at_least_once = {{"copies", Comparison::kEachRecord}}},
      // Nothing is late, since no time passes without the slowest.
      {.name = "UpstreamTime",
       .topology = orders(false, 10s),
       .feed = feed_events,
       .comparisons = {{"counts", Comparison::kLatestOfEachKey}},
       .at_least_once = {{"copies", Comparison::kEachRecord}},
       .settings = {{"statestore.cache.max.bytes", "0"},
                    {"levada.upstream.time.enabled", "true"},
                    {"levada.idle.timeout.ms", "600000"}}},
      {.name = "Processor", .topology = processor(), .feed = feed_events},
      {.name = "DeadLetters",
       .topology = failing(),
       .feed = feed_events,
       .comparison = Comparison::kEachRecord,
       .comparisons = {{"letters", Comparison::kEachRecord}},
       .settings = {{"processing.exception.handler", "log-and-continue"},
                    {"errors.dead.letter.queue.topic.name", "letters"}}},
      {.name = "StreamJoin",
       .topology = stream_join(),
       .feed = feed_two_streams,
       .comparison = Comparison::kEachRecord},
      {.name = "Sessions", .topology = sessions(), .feed = feed_events, .comparison = Comparison::kLatestOfEachKey},
      {.name = "Suppress", .topology = suppressed(), .feed = feed_events},
      {.name = "ForeignKey",
       .topology = foreign_key(),
       .feed = feed_orders_and_customers,
       .comparison = Comparison::kLatestOfEachKey,
       .settings = {{"statestore.cache.max.bytes", "0"}}},
      {.name = "Tables", .topology = tables(), .feed = feed_two_tables, .comparison = Comparison::kLatestOfEachKey},
  };
  return all;
}

absl::StatusOr<SimulationReport> simulate(const SimulatedTopology& simulated, std::uint64_t seed,
                                          ProcessingGuarantee guarantee, const internal::ClusterView& view) {
  SimulationOptions options{.seed = seed,
                            .instances = 2 + static_cast<int>(seed % 2),
                            .threads = seed % 5 == 0 ? 2 : 1,
                            .comparison = simulated.comparison,
                            .comparisons = simulated.comparisons,
                            .settings = simulated.settings};
  if (guarantee == ProcessingGuarantee::kAtLeastOnce) {
    options.settings["processing.guarantee"] = "at_least_once";
    // Records that come twice count twice, so that of counts no more is known than that there are some.
    if (options.comparison == OutputComparison::kInOrder) options.comparison = OutputComparison::kLatestOfEachKey;
    // Without transactions, stores are the fold of their changelogs only if nobody is given up who goes on.
    if (seed % 2 == 0) options.faults.stalls = options.faults.cuts = options.faults.errors = options.faults.delays = 0;
    options.comparisons.insert(simulated.at_least_once.begin(), simulated.at_least_once.end());
  }
  Simulation simulation(simulated.topology, options);
  simulated.feed(simulation, seed);
  return internal::run_simulation(simulation, view);
}

}  // namespace levada::testing
