// Random histories of a partition against a model that is too simple to be wrong.

#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/runtime/embedded_test_clients.h"

namespace levada::testing {
namespace {

constexpr int kSteps = 3'000;

// Producers 0 to 2 write in transactions, all others outside of them.
class RandomHistory {
 public:
  explicit RandomHistory(unsigned seed, std::map<std::string, std::string> config) : random_(seed) {
    world.create("t", 1, std::move(config));
    for (int i = 0; i < 3; ++i) {
      writers_.push_back(world.cluster.producer({{"transactional.id", std::to_string(i)}}).value());
      EXPECT_TRUE(writers_.back()->init_transactions(1s).ok());
    }
  }

  void step() {
    const int writer = pick(6);
    if (writer >= 3) return send(*world.producer, {});
    if (open_[writer].empty()) {
      EXPECT_TRUE(writers_[writer]->begin_transaction().ok());
    } else if (pick(4) == 0) {
      return end(writer);
    }
    send(*writers_[writer], writer);
  }

  void end_all() {
    for (int writer = 0; writer < 3; ++writer) {
      if (!open_[writer].empty()) end(writer);
    }
  }

  // The values that who reads committed must see, in order.
  std::vector<std::string> visible() const {
    std::vector<std::string> values;
    for (const Entry& entry : entries_) {
      if (entry.visible) values.push_back(entry.value);
    }
    return values;
  }

  // The last value of each key.
  std::map<std::string, std::string> table() const {
    std::map<std::string, std::string> latest;
    for (const Entry& entry : entries_) {
      if (entry.visible) latest[entry.value.substr(0, 2)] = entry.value;
    }
    return latest;
  }

  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

  EmbeddedWorld world;

 private:
  struct Entry {
    std::string value;
    bool visible = false;
  };

  // A value begins with its key, so that one tells the other.
  void send(Producer& by, std::optional<int> writer) {
    const std::string key = std::to_string(10 + pick(20));
    const std::string value = key + "-" + std::to_string(entries_.size()) + std::string(pick(300), '.');
    EmbeddedWorld::send(by, "t", {.key = key, .value = value});
    if (writer) open_[*writer].push_back(entries_.size());
    entries_.push_back({.value = value, .visible = !writer});
  }

  void end(int writer) {
    const bool commits = pick(2) == 0;
    const absl::Status ended =
        commits ? writers_[writer]->commit_transaction(1s) : writers_[writer]->abort_transaction(1s);
    EXPECT_TRUE(ended.ok()) << ended;
    for (const std::size_t entry : open_[writer]) entries_[entry].visible = commits;
    open_[writer].clear();
  }

  std::mt19937 random_;
  std::vector<std::unique_ptr<Producer>> writers_;
  std::vector<Entry> entries_;
  std::vector<std::size_t> open_[3];
};

class EmbeddedModel : public ::testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(Seeds, EmbeddedModel, ::testing::Range(1u, 9u));

TEST_P(EmbeddedModel, ReaderSeesEveryCommittedRecordOnceAndInOrder) {
  RandomHistory history(GetParam(), {});
  const std::unique_ptr<Consumer> reader = history.world.cluster.consumer({}).value();
  ASSERT_TRUE(reader->assign({{.partition = {"t", 0}}}).ok());
  EmbeddedCollector collector;

  for (int i = 0; i < kSteps; ++i) {
    history.step();
    if (history.pick(10) > 0) continue;
    ASSERT_TRUE(reader->poll(0ms, 1 + history.pick(30), collector).ok());
  }
  history.end_all();
  const Offset end = history.world.range("t").end;
  while (collector.ends.empty() || collector.ends.back() < end) ASSERT_TRUE(reader->poll(0ms, 100, collector).ok());

  EXPECT_EQ(collector.values, history.visible());
}

TEST_P(EmbeddedModel, CompactionNeverChangesTheTable) {
  RandomHistory history(GetParam(), {{"cleanup.policy", "compact"}});
  for (int i = 0; i < kSteps; ++i) {
    history.step();
    if (history.pick(100) == 0) history.world.cluster.run_log_cleaner();
  }
  history.end_all();
  const Offset end = history.world.range("t").end;

  history.world.cluster.run_log_cleaner();

  const EmbeddedCollector read = history.world.read("t");
  std::map<std::string, std::string> table;
  for (const std::string& value : read.values) table[value.substr(0, 2)] = value;
  EXPECT_EQ(table, history.table());
  EXPECT_EQ(read.values.size(), table.size()) << "one record a key is left";
  EXPECT_EQ(read.ends.back(), end);
}

}  // namespace
}  // namespace levada::testing
