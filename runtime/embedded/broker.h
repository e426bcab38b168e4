// What all clients of an embedded cluster share: topics, groups and transactions behind one mutex, and the clock.
//
//   BrokerAccess access(broker);                     // locks
//   access.catch_up();                               // what has become due: sessions, transactions, log cleaning
//   access.topics().find("orders")->partitions[0].append(record);
//   access.announce();                               // wakes the clients that wait for a change
//
// Has no thread: time passes when a client calls. With the system clock wait() waits in real time; with any other clock
// only the caller can make time pass, so wait() returns at once.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include <levada/core/time.h>
#include <levada/runtime/embedded/group_coordinator.h>
#include <levada/runtime/embedded/topics.h>
#include <levada/runtime/embedded/transaction_coordinator.h>

namespace levada::internal::embedded {

class Broker {
 public:
  Broker(const Clock& clock, Duration log_cleaner_interval);

 private:
  friend class BrokerAccess;

  const Clock& clock_;
  const Duration log_cleaner_interval_;
  const bool real_time_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t changes_ = 0;
  int waiting_ = 0;
  SteadyTime next_cleaning_;
  Topics topics_;
  GroupCoordinator groups_;
  TransactionCoordinator transactions_;
};

class BrokerAccess {
 public:
  explicit BrokerAccess(Broker& broker) : broker_(broker), lock_(broker.mutex_) {}

  Topics& topics() { return broker_.topics_; }
  GroupCoordinator& groups() { return broker_.groups_; }
  TransactionCoordinator& transactions() { return broker_.transactions_; }

  Moment now() const { return {.steady = broker_.clock_.steady_now(), .wall = broker_.clock_.now()}; }
  void catch_up();

  void announce();
  // How many changes were announced so far: wait() needs it to miss none.
  std::uint64_t changes() const { return broker_.changes_; }
  // Waits until more than `seen` changes were announced, or something may have become due. False: the deadline (of
  // the real clock) has passed, or there is no use in waiting. Unlocked meanwhile.
  bool wait(std::uint64_t seen, SteadyTime deadline);

  void clean_logs();

 private:
  SteadyTime next_due() const;

  Broker& broker_;
  std::unique_lock<std::mutex> lock_;
};

// The real time at which a wait of `timeout` that begins now ends.
SteadyTime deadline_after(Duration timeout);

}  // namespace levada::internal::embedded
