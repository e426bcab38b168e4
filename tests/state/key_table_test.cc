#include <deque>
#include <random>
#include <unordered_map>

#include <gtest/gtest.h>

#include <levada/state/key_table.h>

namespace levada::internal {
namespace {

struct Entry {
  Bytes key;
};

TEST(KeyTable, FindsWhatWasAdded) {
  KeyTable<Entry> table;
  EXPECT_EQ(table.find("a"), nullptr);
  Entry a{"a"};
  Entry none{""};
  table.add(a);
  table.add(none);
  EXPECT_EQ(table.find("a"), &a);
  EXPECT_EQ(table.find(""), &none);
  EXPECT_EQ(table.find("b"), nullptr);
  EXPECT_EQ(table.size(), 2u);
  table.clear();
  EXPECT_EQ(table.find("a"), nullptr);
  EXPECT_TRUE(table.empty());
}

// Against a map, with so few and so many keys that places are shared, given up and taken again.
TEST(KeyTable, AgreesWithAMap) {
  std::mt19937 random(7);
  for (const int keys : {3, 40, 1000}) {
    KeyTable<Entry> table;
    std::deque<Entry> entries;
    for (int i = 0; i < keys; ++i) entries.push_back({"key-" + std::to_string(i)});
    std::unordered_map<Bytes, Entry*> model;
    for (int step = 0; step < 20'000; ++step) {
      Entry& entry = entries[random() % entries.size()];
      if (model.contains(entry.key)) {
        table.remove(entry);
        model.erase(entry.key);
      } else {
        table.add(entry);
        model[entry.key] = &entry;
      }
      const Bytes& asked = entries[random() % entries.size()].key;
      const auto found = model.find(asked);
      ASSERT_EQ(table.find(asked), found == model.end() ? nullptr : found->second);
      ASSERT_EQ(table.size(), model.size());
    }
    for (Entry& entry : entries) ASSERT_EQ(table.find(entry.key) != nullptr, model.contains(entry.key));
  }
}

TEST(KeyTable, AHintChangesNothing) {
  KeyTable<Entry> table;
  table.prefetch("a", Ahead::kNext);
  std::deque<Entry> entries;
  for (int i = 0; i < 20'000; ++i) table.add(entries.emplace_back(Entry{std::to_string(i)}));
  for (const char* key : {"7", "19999", "none", ""}) {
    table.prefetch(key, Ahead::kSoon);
    table.prefetch(key, Ahead::kNext);
  }
  EXPECT_EQ(table.find("7"), &entries[7]);
  EXPECT_EQ(table.find("none"), nullptr);
}

}  // namespace
}  // namespace levada::internal
