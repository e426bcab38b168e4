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
// A constructor that takes a Context& first gets its stores, punctuators and clocks from it. Used on the task's thread
// only. What it throws ends the task, with the node's name and the record's place in the message.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

#include <levada/core/context.h>
#include <levada/core/errors.h>
#include <levada/core/node.h>
#include <levada/core/record.h>

namespace levada {

template <class K, class V>
class Receiver {
 public:
  virtual void process(const Record<K, V>& record) = 0;

 protected:
  ~Receiver() = default;
};

// A node that emits records of K and V to the nodes below it.
template <class K, class V>
class Emitting : public Node {
 public:
  void connect(Node& child) final {
    auto* receiver = dynamic_cast<Receiver<K, V>*>(&child);
    if (receiver == nullptr) {
      throw std::invalid_argument(name() + " emits other types than " + child.name() + " takes");
    }
    children_.push_back({receiver, &child});
  }

 protected:
  void emit(const Record<K, V>& record) {
    for (const Child& child : children_) {
      try {
        child.receiver->process(record);
      } catch (const ProcessorError&) {
        throw;  // named where it came from
      } catch (const TaskError&) {
        throw;
      } catch (const std::exception& error) {
        throw ProcessorError(child.node->name(), error.what());
      }
    }
  }

 private:
  struct Child {
    Receiver<K, V>* receiver;
    Node* node;
  };
  std::vector<Child> children_ = {};
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
  void connect(Node& child) final {
    throw std::invalid_argument(name() + " emits nothing that " + child.name() + " could take");
  }
};

}  // namespace levada
