// The operator that splits a stream, and the branches behind it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <levada/dsl/callback.h>
#include <levada/dsl/operators/split.h>
#include <levada/dsl/stream_point.h>

namespace levada::internal {

// Which of the predicates holds first; their number, if none does.
template <class K, class V, class... Ps>
auto first_that_holds(Ps... predicates) {
  return [predicates = std::tuple(std::move(predicates)...)](const K& key, const V& value) mutable {
    std::size_t place = 0;
    std::apply([&](auto&... each) { static_cast<void>(((call(each, key, value) ? true : (++place, false)) || ...)); },
               predicates);
    return place;
  };
}

class BranchPoint {
 public:
  BranchPoint(const StreamPoint& stream, const std::string& name)
      : splitter_(stream.then({.prefix = "KSTREAM-BRANCH-", .name = name}, {})) {}

  // Choose: see operators/split.h. Branches count in the order they are added.
  template <class K, class V, class Choose>
  void set_choice(Choose choose) const {
    set_maker([choose](OperatorContext&) { return std::make_unique<Split<K, V, Choose>>(choose); });
  }

  // A branch, called after the splitter and its own name, or its position if it has none.
  StreamPoint add(const std::string& name, int position, NodeMaker pass) const;

 private:
  void set_maker(NodeMaker maker) const;

  StreamPoint splitter_;
};

}  // namespace levada::internal
