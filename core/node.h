// A node of a running task, its types erased: what a task builds from a topology and wires together.
// Owned by its task; used on the task's thread only.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <levada/core/processor_wrapper.h>
#include <levada/core/record_context.h>

namespace levada {

class NodeErrors;

class Node {
 public:
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  // Makes `child` receive what this node emits; the child must outlive it. Throws std::invalid_argument when the
  // child takes other types.
  virtual void connect(Node& child) = 0;

  // Who is told of what it throws; must outlive it. Without any it is an error of the task.
  void set_errors(NodeErrors* errors) { errors_ = errors; }
  // In a catch block, for what it threw while it processed `record`: returns if the record is dropped, else throws.
  void fail(const AnyRecord& record) const;

  const std::string& name() const { return name_; }
  void set_name(std::string name) { name_ = std::move(name); }

  // What stands around it; null for nothing. To be set before a parent is connected.
  ProcessorWrapper* wrapper() const { return wrapper_.get(); }
  void set_wrapper(std::unique_ptr<ProcessorWrapper> wrapper) { wrapper_ = std::move(wrapper); }

  // Event time has come this far, though no record has: what waits for it goes on, here and in the nodes below. True if
  // anything did. kNoTimestamp: it is the limit of time that has risen (observed_time.h).
  virtual bool advance_time(Timestamp /*time*/) { return false; }

  // What happens now in the task. To be set before anything is emitted; must outlive the node.
  void set_now(RecordContext& now) { now_ = &now; }

 protected:
  RecordContext& now() const { return *now_; }

 private:
  RecordContext* now_ = nullptr;
  std::string name_ = {};
  std::unique_ptr<ProcessorWrapper> wrapper_ = nullptr;
  NodeErrors* errors_ = nullptr;
};

}  // namespace levada
