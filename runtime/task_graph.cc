#include <stdexcept>
#include <utility>

#include <levada/core/errors.h>
#include <levada/runtime/task_graph.h>

namespace levada {

TaskGraph::TaskGraph(const Topology& topology, const std::vector<NodeId>& nodes, TaskContext& context) {
  std::map<NodeId, Node*> built;
  for (const NodeId id : nodes) {
    const NodeSpec& spec = topology.nodes[id];
    Node& node = build(spec, context);
    built[id] = &node;
    for (const NodeId parent : spec.parents) built.at(parent)->connect(node);
    if (spec.kind != NodeKind::kSource) continue;
    auto* source = dynamic_cast<SourceReader*>(&node);
    if (source == nullptr) throw ProcessorError(spec.name, "is no source, though the topology says so");
    for (const std::string& topic : spec.topics) sources_[topic] = source;
    if (spec.pattern) pattern_sources_.emplace_back(*spec.pattern, source);
  }
}

Node& TaskGraph::build(const NodeSpec& spec, TaskContext& context) {
  try {
    const TaskContext::BuildingNode building(context, spec);
    nodes_.push_back(spec.make(context));
    nodes_.back()->set_name(spec.name);
    nodes_.back()->set_now(context.now());
    nodes_.back()->set_errors(&context.errors());
    return *nodes_.back();
  } catch (const TaskError&) {
    throw;
  } catch (...) {
    throw ProcessorError(spec.name, current_exception_text());
  }
}

SourceReader& TaskGraph::source(const std::string& topic) const {
  const auto found = sources_.find(topic);
  if (found != sources_.end()) return *found->second;
  for (const auto& [pattern, source] : pattern_sources_) {
    if (pattern.matches(topic)) return *source;
  }
  throw std::invalid_argument("no source reads topic " + topic);
}

}  // namespace levada
