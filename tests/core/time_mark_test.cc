#include <gtest/gtest.h>

#include <levada/core/observed_time.h>
#include <levada/core/time_mark.h>

namespace levada {
namespace {

Timestamp at(std::int64_t time) { return Timestamp(Duration(time)); }

TEST(TimeMark, IsReadAsItWasWritten) {
  for (const TimeMark& mark :
       {TimeMark{.alone = false, .sub_topology = 0, .partition = 3, .time = at(258)},
        TimeMark{.alone = true, .sub_topology = 130, .partition = 70'000, .time = kNoTimeLimit}}) {
    Bytes bytes;
    append_time_mark(mark, bytes);
    EXPECT_EQ(read_time_mark(bytes), mark);
  }
}

TEST(TimeMark, HasTheGrammarOfItsHeader) {
  Bytes bytes;
  append_time_mark({.alone = true, .sub_topology = 1, .partition = 200, .time = at(258)}, bytes);
  EXPECT_EQ(bytes, Bytes("\x01\x01\xC8\x01\0\0\0\0\0\0\x01\x02", 12));
}

TEST(TimeMark, WhatIsNoneIsNone) {
  for (const BytesView bytes : {BytesView(""), BytesView("\x02"), BytesView("\0\0", 2), BytesView("\0\x80\x80", 3),
                                BytesView("\0\0\0\0\0\0\0\0\0\0", 10), BytesView("\0\0\0\0\0\0\0\0\0\0\0\0", 12)}) {
    EXPECT_EQ(read_time_mark(bytes), std::nullopt);
  }
}

TEST(TimeLimit, IsAHeaderAmongOthers) {
  const Headers headers = {{"a", "b"}, time_limit_header(at(5)), {"c", std::nullopt}};
  EXPECT_EQ(time_limit_of(headers), at(5));
  EXPECT_EQ(time_limit_of({{"levada.limit", "short"}}), kNoTimeLimit);
  EXPECT_EQ(time_limit_of({}), kNoTimeLimit);
}

TEST(ObservedTime, IsTheHighestThatTheLimitAllows) {
  Timestamp limit = at(10);
  ObservedTime time(limit);
  time.observe(at(5));
  EXPECT_EQ(time.now(), at(5));
  time.observe(at(20));
  EXPECT_EQ(time.now(), at(10));
  limit = at(15);
  time.observe(kNoTimestamp);
  EXPECT_EQ(time.now(), at(15));
  limit = kNoTimeLimit;
  time.observe(at(7));
  EXPECT_EQ(time.now(), at(20));
}

TEST(ObservedTime, NeverGoesBack) {
  Timestamp limit = kNoTimeLimit;
  ObservedTime time(limit);
  time.observe(at(20));
  limit = at(3);
  time.observe(at(21));
  EXPECT_EQ(time.now(), at(20));
}

}  // namespace
}  // namespace levada
