// java.util.PriorityQueue: which of equal elements comes first follows from the shape of its heap, and from that the
// order of what Kafka Streams does at one moment.
//
//   JavaPriorityQueue<Schedule, EarlierDue> queue;
//   queue.push(schedule);
//   while (!queue.empty() && queue.front().due <= now) run(queue.pop());
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace levada::internal {

// Less: bool(const T&, const T&), without state.
template <class T, class Less>
class JavaPriorityQueue {
 public:
  bool empty() const { return heap_.empty(); }
  const T& front() const { return heap_.front(); }
  // All elements, in no order that means something.
  const std::vector<T>& elements() const { return heap_; }

  void push(T element) {
    std::size_t place = heap_.size();
    heap_.emplace_back();
    while (place > 0) {
      const std::size_t parent = (place - 1) / 2;
      if (!Less()(element, heap_[parent])) break;
      heap_[place] = std::move(heap_[parent]);
      place = parent;
    }
    heap_[place] = std::move(element);
  }

  T pop() {
    T first = std::move(heap_.front());
    T last = std::move(heap_.back());
    heap_.pop_back();
    if (!heap_.empty()) sink(std::move(last));
    return first;
  }

 private:
  // From the root.
  void sink(T element) {
    std::size_t place = 0;
    while (place < heap_.size() / 2) {
      std::size_t child = 2 * place + 1;
      if (child + 1 < heap_.size() && Less()(heap_[child + 1], heap_[child])) ++child;
      if (!Less()(heap_[child], element)) break;
      heap_[place] = std::move(heap_[child]);
      place = child;
    }
    heap_[place] = std::move(element);
  }

  std::vector<T> heap_ = {};
};

}  // namespace levada::internal
