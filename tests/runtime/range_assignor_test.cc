#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/range_assignor.h>

namespace levada::internal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Counts = std::map<std::string, Partition>;

RangeAssignment assign(std::vector<RangeMember> members, const Counts& counts) {
  return range_assign(std::move(members), [&counts](const std::string& topic) {
    const auto found = counts.find(topic);
    return found == counts.end() ? 0 : found->second;
  });
}

// The partition numbers of one topic that a member got.
std::vector<Partition> got(const RangeAssignment& assignment, const std::string& member, const std::string& topic) {
  std::vector<Partition> partitions;
  for (const TopicPartition& each : assignment.at(member)) {
    if (each.topic == topic) partitions.push_back(each.partition);
  }
  return partitions;
}

TEST(RangeAssignor, FirstMembersGetOneMore) {
  const RangeAssignment assignment = assign({{"a", "", {"t"}}, {"b", "", {"t"}}, {"c", "", {"t"}}}, {{"t", 8}});

  EXPECT_THAT(got(assignment, "a", "t"), ElementsAre(0, 1, 2));
  EXPECT_THAT(got(assignment, "b", "t"), ElementsAre(3, 4, 5));
  EXPECT_THAT(got(assignment, "c", "t"), ElementsAre(6, 7));
}

TEST(RangeAssignor, CutsEachTopicByItself) {
  const RangeAssignment assignment = assign({{"a", "", {"t", "u"}}, {"b", "", {"t", "u"}}}, {{"t", 3}, {"u", 1}});

  EXPECT_THAT(got(assignment, "a", "t"), ElementsAre(0, 1));
  EXPECT_THAT(got(assignment, "a", "u"), ElementsAre(0));
  EXPECT_THAT(got(assignment, "b", "t"), ElementsAre(2));
  EXPECT_THAT(got(assignment, "b", "u"), IsEmpty());
}

TEST(RangeAssignor, LeavesOutMembersThatDoNotWantATopic) {
  const RangeAssignment assignment = assign({{"a", "", {"u"}}, {"b", "", {"t", "u"}}}, {{"t", 2}, {"u", 2}});

  EXPECT_THAT(got(assignment, "a", "t"), IsEmpty());
  EXPECT_THAT(got(assignment, "b", "t"), ElementsAre(0, 1));
  EXPECT_THAT(got(assignment, "a", "u"), ElementsAre(0));
}

TEST(RangeAssignor, OrdersByInstanceIdThenMemberId) {
  const RangeAssignment assignment =
      assign({{"1", "", {"t"}}, {"2", "z", {"t"}}, {"3", "y", {"t"}}, {"0", "", {"t"}}}, {{"t", 4}});

  EXPECT_THAT(got(assignment, "3", "t"), ElementsAre(0));
  EXPECT_THAT(got(assignment, "2", "t"), ElementsAre(1));
  EXPECT_THAT(got(assignment, "0", "t"), ElementsAre(2));
  EXPECT_THAT(got(assignment, "1", "t"), ElementsAre(3));
}

TEST(RangeAssignor, MoreMembersThanPartitionsLeaveSomeIdle) {
  const RangeAssignment assignment = assign({{"a", "", {"t"}}, {"b", "", {"t"}}}, {{"t", 1}});

  EXPECT_THAT(got(assignment, "a", "t"), ElementsAre(0));
  EXPECT_THAT(assignment.at("b"), IsEmpty());
}

TEST(RangeAssignor, TopicThatDoesNotExistHasNothingToGive) {
  EXPECT_THAT(assign({{"a", "", {"nowhere"}}}, {}).at("a"), IsEmpty());
}

}  // namespace
}  // namespace levada::internal
