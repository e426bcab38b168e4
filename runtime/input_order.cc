#include <algorithm>
#include <utility>

#include <levada/runtime/input_order.h>

namespace levada {

void InputOrder::insert(Entry entry) {
  forget(entry.input);
  rise(entry);
}

// The last entry takes the place of the first and sinks as far as one below it is older; of two such, the older one
// rises, the left of equals.
void InputOrder::remove_first() {
  const Entry last = heap_.back();
  heap_.pop_back();
  const std::size_t size = heap_.size();
  std::size_t place = 0;
  while (place < size / 2) {
    std::size_t below = 2 * place + 1;
    if (below + 1 < size && heap_[below].time > heap_[below + 1].time) ++below;
    if (last.time <= heap_[below].time) break;
    heap_[place] = heap_[below];
    place = below;
  }
  heap_[place] = last;
}

// From the end, past those that are younger.
void InputOrder::rise(Entry entry) {
  heap_.push_back(entry);
  std::size_t place = heap_.size() - 1;
  while (place > 0) {
    const std::size_t above = (place - 1) / 2;
    if (entry.time >= heap_[above].time) break;
    heap_[place] = heap_[above];
    place = above;
  }
  heap_[place] = entry;
}

// Not there, unless an input was emptied meanwhile.
void InputOrder::forget(std::size_t input) {
  const auto found = std::ranges::find(heap_, input, &Entry::input);
  if (found == heap_.end()) return;
  heap_.erase(found);
  for (const Entry& entry : std::exchange(heap_, {})) rise(entry);
}

}  // namespace levada
