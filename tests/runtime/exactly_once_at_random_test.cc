// What exactly-once promises, against everything that goes wrong at once.
#include <random>
#include <vector>

#include "tests/runtime/exactly_once_world.h"

namespace levada::testing {
namespace {

using Code = absl::StatusCode;

// Two instances, requests that fail, instances that are killed, stopped, started, disks that are
// lost. The same seed gives the same run.
class ExactlyOnceAtRandom : public ::testing::TestWithParam<int> {
 protected:
  bool one_in(int n) { return std::uniform_int_distribution<int>(1, n)(random_) == 1; }

  absl::Status fault(const Request& request) {
    constexpr absl::StatusCode kCodes[] = {Code::kAborted, Code::kUnavailable, Code::kDeadlineExceeded,
                                           Code::kFailedPrecondition};
    if (!one_in(request.what == "send" ? 4000 : 60)) return absl::OkStatus();
    return absl::Status(kCodes[std::uniform_int_distribution<int>(0, 3)(random_)], "at random");
  }
  // Requests outside of transactions have only the failures that pass.
  absl::Status passing_fault(const Request& request) {
    // A delivery that fails is one of thousands, and the same as a flush that does. An assignment asks no broker.
    if (request.what == "delivery" || request.what == "assign") return absl::OkStatus();
    const absl::Status failure = fault(request);
    const bool transactional = request.what == "send" || request.what == "flush" || request.what == "send_offsets" ||
                               request.what == "commit_transaction" || request.what == "answer" ||
                               request.what == "abort_transaction";
    if (failure.ok() || transactional) return failure;
    return absl::UnavailableError("at random");
  }
  void make_faulty(World::Instance& instance) {
    instance.cluster().set_fault([this](const Request& request) { return passing_fault(request); });
  }
  void disturb(World& world, World::Instance& instance) {
    if (!instance.is_alive()) {
      if (!one_in(50)) return;
      if (one_in(5)) world.forget_disk(instance);
      instance.start();
      make_faulty(instance);
    } else if (one_in(150)) {
      instance.kill();
    } else if (one_in(300)) {
      instance.cluster().clear_fault();
      instance.stop();
    }
  }

  std::mt19937 random_{static_cast<std::mt19937::result_type>(GetParam())};
};

TEST_P(ExactlyOnceAtRandom, NothingIsLostAndNothingCountsTwice) {
  World world(GetParam() % 4 == 3 ? StoreEngine::kInMemory : StoreEngine::kRocksDb);
  std::vector<World::Instance*> instances = {&world.add("a"), &world.add("b")};
  for (World::Instance* each : instances) make_faulty(*each);
  for (int i = 0; i < 1500; ++i) {
    if (one_in(10)) world.send(std::uniform_int_distribution<int>(1, 40)(random_));
    world.run();
    if (HasFatalFailure()) FAIL() << "seed " << GetParam();
    for (World::Instance* each : instances) disturb(world, *each);
  }
  for (World::Instance* each : instances) {
    if (!each->is_alive()) each->start();
    each->cluster().clear_fault();
  }
  world.run_until_done();
  for (World::Instance* each : instances) each->stop();
  world.expect_exact();
}
INSTANTIATE_TEST_SUITE_P(Seeds, ExactlyOnceAtRandom, ::testing::Range(0, 20));

}  // namespace
}  // namespace levada::testing
