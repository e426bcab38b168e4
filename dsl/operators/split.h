// Sends each record to one of its children, or to none: to the one whose place in the row a function tells.
#pragma once

#include <cstddef>
#include <deque>
#include <utility>

#include <levada/core/processor.h>

namespace levada::internal {

// Choose: std::size_t(const K&, const V&). A number with no child behind it drops the record.
template <class K, class V, class Choose>
class Split final : public Node, public Receiver<K, V> {
 public:
  explicit Split(Choose choose) : choose_(std::move(choose)) {}

  void connect(Node& child) override {
    Outlet& outlet = outlets_.emplace_back();
    outlet.set_now(now());
    outlet.connect(child);
  }

  bool advance_time(Timestamp time) override {
    bool any = false;
    for (Outlet& outlet : outlets_) any = outlet.advance_time(time) || any;
    return any;
  }

  void process(const Record<K, V>& record) override {
    const std::size_t chosen = choose_(record.key, record.value);
    if (chosen < outlets_.size()) outlets_[chosen].send(record);
  }

 private:
  class Outlet final : public Emitting<K, V> {
   public:
    void send(const Record<K, V>& record) { this->pass(record); }
  };

  Choose choose_;
  std::deque<Outlet> outlets_ = {};  // nodes cannot be moved
};

}  // namespace levada::internal
