// Which input of a task is next: the one whose next record is the oldest. Of records of equal time, the one that Kafka
// Streams takes: its inputs stand in a java.util.PriorityQueue, so the order of equals is that of its heap.
//
//   InputOrder order;
//   order.add(1, time_of_next_record);
//   while (!order.empty()) … order.first() …; order.pop();
//
// Part of a task.
#pragma once

#include <cstddef>
#include <vector>

#include <levada/core/time.h>

namespace levada {

class InputOrder {
 public:
  // The input has a next record. What was known of it before is forgotten.
  void add(std::size_t input, Timestamp time) {
    if (heap_.empty()) {
      heap_.push_back({time, input});
    } else {
      insert({time, input});
    }
  }
  bool empty() const { return heap_.empty(); }
  std::size_t first() const { return heap_.front().input; }
  void pop() {
    if (heap_.size() == 1) {
      heap_.clear();
    } else {
      remove_first();
    }
  }
  void clear() { heap_.clear(); }

 private:
  struct Entry {
    Timestamp time;
    std::size_t input;
  };

  void insert(Entry entry);
  void remove_first();
  void forget(std::size_t input);
  void rise(Entry entry);

  std::vector<Entry> heap_ = {};
};

}  // namespace levada
