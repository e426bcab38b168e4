#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/input_order.h>

namespace levada {
namespace {

using ::testing::ElementsAre;

constexpr Timestamp kTime{Duration(7)};

std::vector<std::size_t> taken(InputOrder order) {
  std::vector<std::size_t> inputs;
  for (; !order.empty(); order.pop()) inputs.push_back(order.first());
  return inputs;
}

TEST(InputOrder, IsByTime) {
  InputOrder order;
  for (const std::size_t input : {3, 0, 2, 1, 4}) order.add(input, Timestamp(Duration(input)));
  EXPECT_THAT(taken(order), ElementsAre(0, 1, 2, 3, 4));
}

TEST(InputOrder, OfTwoEqualsIsThatInWhichTheyCame) {
  InputOrder order;
  order.add(1, kTime);
  order.add(0, kTime);
  EXPECT_THAT(taken(order), ElementsAre(1, 0));
}

// As java.util.PriorityQueue does: the last one takes the place of the first.
TEST(InputOrder, OfThreeEqualsTheLastIsSecond) {
  InputOrder order;
  for (const std::size_t input : {0, 1, 2}) order.add(input, kTime);
  EXPECT_THAT(taken(order), ElementsAre(0, 2, 1));
}

TEST(InputOrder, ForgetsWhatItKnewOfAnInput) {
  InputOrder order;
  for (const std::size_t input : {0, 1, 2}) order.add(input, Timestamp(Duration(input)));
  order.add(0, Timestamp(Duration(5)));
  EXPECT_THAT(taken(order), ElementsAre(1, 2, 0));
}

}  // namespace
}  // namespace levada
