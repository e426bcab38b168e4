#include <levada/dsl/streams_builder.h>

namespace levada {

StreamsBuilder::StreamsBuilder() : graph_(std::make_unique<internal::Graph>()) {}
StreamsBuilder::StreamsBuilder(StreamsBuilder&&) noexcept = default;
StreamsBuilder& StreamsBuilder::operator=(StreamsBuilder&&) noexcept = default;
StreamsBuilder::~StreamsBuilder() = default;

internal::StreamPoint StreamsBuilder::add_source(NodeSpec source, std::type_index type, internal::NodeMaker make) {
  source.kind = NodeKind::kSource;
  source.name = graph_->names().next_unless(source.name, "KSTREAM-SOURCE-");
  source.make = std::move(make);
  for (const std::string& topic : source.topics) graph_->check(internal::check_name("topic", topic));
  return {graph_.get(), graph_->add_root({.nodes = {{.spec = std::move(source), .feed = internal::Feed::kNothing}},
                                          .source_type = type})};
}

void StreamsBuilder::add_store_spec(StoreSpec spec) {
  graph_->check(internal::check_name("store", spec.name));
  graph_->add_root({.stores = {std::move(spec)}});
}

absl::StatusOr<Topology> StreamsBuilder::build(const BuildOptions& options) const { return graph_->build(options); }

}  // namespace levada
