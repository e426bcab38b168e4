#include "tests/soak/soak.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace levada::testing {
namespace {

// Who is told to end before it has begun has nothing to finish.
void expect_end(ChildProgram& instance) { EXPECT_THAT(instance.wait(), ::testing::AnyOf(0, 128 + SIGTERM)); }

}  // namespace

Soak::Soak(SoakOptions options)
    : options_(std::move(options)), random_(options_.seed), memory_(options_.memory), instances_(options_.instances) {}

void Soak::run() {
  job_.produce(1);  // and with it the topic
  produce();
  for (std::size_t i = 0; i < instances_.size(); ++i) start(i);
  for (const Fault fault : faults()) {
    wait_for_a_random_moment();
    if (::testing::Test::HasFatalFailure()) return;
    happen(fault);
  }
  wait_for_a_random_moment();
  keep_producing();
  producer_->terminate();
  ASSERT_EQ(producer_->wait(), 0);
  finish();
}

void Soak::produce() {
  const std::vector<std::string> load = job_.producing({"--rate", std::to_string(options_.rate)});
  producer_ = std::make_unique<ChildProgram>("order_producer", load);
}

// It does not get over every death of its broker. What it has written is in the truth.
void Soak::keep_producing() {
  if (!producer_->has_ended()) return;
  EXPECT_GT(options_.broker_kills, 0) << "the producer has ended: " << producer_->wait();
  produce();
}

std::vector<Soak::Fault> Soak::faults() {
  std::vector<Fault> all(options_.kills, Fault::kKill);
  all.insert(all.end(), options_.leaves, Fault::kLeave);
  all.insert(all.end(), options_.broker_kills, Fault::kBrokerKill);
  std::ranges::shuffle(all, random_);
  return all;
}

void Soak::start(std::size_t number) {
  const std::string name = std::to_string(number);
  std::vector<std::string> settings = {"--state-dir", job_.state() + "/" + name};
  if (options_.static_members && number % 2 == 0)
    settings.insert(settings.end(), {"--set", "group.instance.id=" + name});
  const std::vector<std::string> guarantee = this->guarantee();
  settings.insert(settings.end(), guarantee.begin(), guarantee.end());
  instances_[number] = std::make_unique<ChildProgram>("order_analytics", job_.arguments(settings));
  memory_.watch("instance " + name, instances_[number]->id());
}

void Soak::wait_for_a_random_moment() {
  const double most = 2 * options_.gap * options_.rate;
  awaited_ += static_cast<Offset>(std::uniform_real_distribution<double>(0, most)(random_));
  job_.wait_until_committed(awaited_, [this] { keep_producing(); });
}

void Soak::happen(Fault fault) {
  const auto number = std::uniform_int_distribution<std::size_t>(0, instances_.size() - 1)(random_);
  switch (fault) {
    case Fault::kKill:
      instances_[number]->kill();
      start(number);
      break;
    case Fault::kLeave:
      instances_[number]->terminate();
      expect_end(*instances_[number]);
      start(number);
      break;
    case Fault::kBrokerKill:
      broker_.kill();
      broker_.start();
      break;
  }
}

void Soak::finish() {
  job_.wait_for_progress(1.0);
  for (const auto& instance : instances_) instance->terminate();
  for (const auto& instance : instances_) expect_end(*instance);
  // What was still to be counted downstream.
  ASSERT_EQ(ChildProgram("order_analytics", job_.to_the_end("2", guarantee())).wait(), 0);
  if (options_.guarantee == "at_least_once") {
    job_.expect_not_lower();
  } else {
    job_.expect_exact();
    job_.expect_no_count_twice();
  }
}

std::vector<std::string> Soak::guarantee() const {
  if (options_.guarantee == "at_least_once") return {};
  return OrderJob::exactly_once();
}

}  // namespace levada::testing
