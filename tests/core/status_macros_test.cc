#include <memory>
#include <string>

#include <gtest/gtest.h>

#include <levada/core/status_macros.h>

namespace levada {
namespace {

absl::StatusOr<std::unique_ptr<int>> number(int value) {
  if (value < 0) return absl::OutOfRangeError("negative");
  return std::make_unique<int>(value);
}

absl::StatusOr<int> sum(int a, int b) {
  LEVADA_ASSIGN_OR_RETURN(const std::unique_ptr<int> first, number(a));
  LEVADA_ASSIGN_OR_RETURN(const std::unique_ptr<int> second, number(b));
  return *first + *second;
}

absl::Status check(int a) {
  LEVADA_RETURN_IF_ERROR(number(a));
  LEVADA_RETURN_IF_ERROR(absl::OkStatus());
  return absl::AlreadyExistsError("reached the end");
}

TEST(StatusMacros, GoOnWithTheValue) { EXPECT_EQ(sum(1, 2).value(), 3); }

TEST(StatusMacros, HandTheErrorToTheCaller) {
  EXPECT_EQ(sum(1, -2).status(), absl::OutOfRangeError("negative"));
  EXPECT_EQ(check(-1), absl::OutOfRangeError("negative"));
  EXPECT_EQ(check(1), absl::AlreadyExistsError("reached the end"));
}

}  // namespace
}  // namespace levada
