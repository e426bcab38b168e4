// An operator, ours or the user's: constructed when its task starts, destroyed when it stops, called once per record.
//
//   class Large final : public Processor<std::string, Order, std::string, double> {
//    public:
//     void process(const Record& order) override {
//       const double amount = order.value.data.amount;
//       if (amount > 1000) emit(order.with_value(amount));
//     }
//   };
//   orders.process<Large>().to("large-orders");
//
// emit(record) reaches all nodes below, emit(record, "name") one of them. What they do happens at the record's time:
// their stores log it so.
//
// A constructor that takes a Context& first gets its stores, punctuators and clocks from it. Used on the task's thread
// only. What it throws goes to the processing exception handler: it ends the application, with the node's name and the
// record's place in the message, or the record goes no further (exception_handler.h).
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <levada/core/context.h>
#include <levada/core/node.h>
#include <levada/core/processor_wrapper.h>
#include <levada/core/record.h>

namespace levada {

template <class K, class V>
class Receiver {
 public:
  virtual void process(const Record<K, V>& record) = 0;

 protected:
  ~Receiver() = default;
};

namespace internal {

// Takes records in the place of a receiver, for the wrapper that stands around it.
template <class K, class V>
class WrappedReceiver final : public Receiver<K, V> {
 public:
  WrappedReceiver(ProcessorWrapper& wrapper, Receiver<K, V>& receiver, RecordContext& now)
      : wrapper_(wrapper), receiver_(receiver), now_(now) {}

  void process(const Record<K, V>& record) override {
    wrapper_.process(AnyRecord(record), [this](const AnyRecord& passed) {
      const HappensNow scope(now_, passed.timestamp(), passed.headers());
      receiver_.process({*passed.key<K>(), *passed.value<V>(), passed.timestamp(), passed.headers()});
    });
  }

 private:
  ProcessorWrapper& wrapper_;
  Receiver<K, V>& receiver_;
  RecordContext& now_;
};

}  // namespace internal

// A node that emits records of K and V to the nodes below it.
template <class K, class V>
class Emitting : public Node {
 public:
  void connect(Node& child) final {
    auto* receiver = dynamic_cast<Receiver<K, V>*>(&child);
    if (receiver == nullptr) {
      throw std::invalid_argument(name() + " emits other types than " + child.name() + " takes");
    }
    if (child.wrapper() != nullptr) {
      wrapped_.push_back(std::make_unique<internal::WrappedReceiver<K, V>>(*child.wrapper(), *receiver, now()));
      receiver = wrapped_.back().get();
    }
    children_.push_back({receiver, &child});
  }

  bool advance_time(Timestamp time) final {
    bool any = on_time_passed(time);
    for (const Child& child : children_) any = child.node->advance_time(time) || any;
    return any;
  }

 protected:
  // To all nodes below.
  void emit(const Record<K, V>& record) {
    if (!happens_now(record)) [[unlikely]]
      return emit_at_its_time(record);
    pass(record);
  }
  // The same for what happens when the record did that came in: saves to look.
  void pass(const Record<K, V>& record) {
    for (const Child& child : children_) send(child, record);
  }
  // To one of the nodes below, by its name. Throws std::invalid_argument if none has it.
  void emit(const Record<K, V>& record, std::string_view child_name) {
    for (const Child& child : children_) {
      if (child.node->name() != child_name) continue;
      const HappensNow scope(this->now(), record.timestamp, record.headers);
      return send(child, record);
    }
    throw std::invalid_argument("no node below is called " + std::string(child_name));
  }

 private:
  // What waits for event time to pass is emitted now, even though no record tells that it has. True if something was.
  virtual bool on_time_passed(Timestamp /*time*/) { return false; }

  bool happens_now(const Record<K, V>& record) const {
    return record.timestamp == this->now().timestamp && &record.headers == this->now().headers;
  }
  [[gnu::noinline]] void emit_at_its_time(const Record<K, V>& record) {
    const HappensNow scope(this->now(), record.timestamp, record.headers);
    pass(record);
  }

  struct Child {
    Receiver<K, V>* receiver;
    Node* node;
  };

  static void send(const Child& child, const Record<K, V>& record) {
    try {
      child.receiver->process(record);
    } catch (...) {
      child.node->fail(AnyRecord(record));
    }
  }

  std::vector<Child> children_ = {};
  std::vector<std::unique_ptr<internal::WrappedReceiver<K, V>>> wrapped_ = {};
};

template <class KIn, class VIn, class KOut, class VOut>
class Processor : public Emitting<KOut, VOut>, public Receiver<KIn, VIn> {
 public:
  using KeyIn = KIn;
  using ValueIn = VIn;
  using KeyOut = KOut;
  using ValueOut = VOut;
  using Context = levada::Context;
  using Record = levada::Record<KIn, VIn>;
};

// A processor that emits nothing: an end of the topology.
template <class K, class V>
class Terminal : public Node, public Receiver<K, V> {
 public:
  using KeyIn = K;
  using ValueIn = V;

  void connect(Node& child) final {
    throw std::invalid_argument(name() + " emits nothing that " + child.name() + " could take");
  }
};

}  // namespace levada
