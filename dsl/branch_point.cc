#include <absl/strings/str_cat.h>

#include <levada/dsl/branch_point.h>

namespace levada::internal {

StreamPoint BranchPoint::add(const std::string& name, int position, NodeMaker pass) const {
  const std::string full_name =
      name.empty() ? absl::StrCat(splitter_.name(), position) : absl::StrCat(splitter_.name(), name);
  return splitter_.then({.prefix = "KSTREAM-BRANCH-", .name = full_name}, std::move(pass));
}

void BranchPoint::set_maker(NodeMaker maker) const {
  splitter_.graph->node(splitter_.node).nodes.front().spec.make = std::move(maker);
}

}  // namespace levada::internal
