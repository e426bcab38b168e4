// A stream that is being split into branches that have names.
//
//   auto branches = orders.split({.name = "orders-"})
//                       .branch(is_large, {.name = "large"})
//                       .branch(is_test, {.consumer = [](auto tests) { tests.to("tests"); }})
//                       .default_branch({.name = "rest"});
//   branches.at("orders-large").to("large-orders");
//
// A record goes to the first branch whose predicate holds, else to the default branch, if there is one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <levada/dsl/branch_point.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/operators/pass_through.h>

namespace levada {

template <class K, class V>
class KStream;

template <class K, class V>
struct Branched {
  std::string name = {};                             // behind the splitter's; empty: the branch's position
  std::function<void(KStream<K, V>)> consumer = {};  // takes the branch, which is then not among the results
};

template <class K, class V>
class BranchedKStream {
 public:
  // By the names of the splitter and the branch, joined.
  using Branches = std::map<std::string, KStream<K, V>>;

  // For the library: see KStream::split.
  BranchedKStream(const internal::StreamPoint& stream, const std::string& name) : point_(stream, name) {}

  template <class F>
  BranchedKStream& branch(F holds, Branched<K, V> options = {}) {
    static_assert(internal::Predicate<F, K, V>, "branch: needs bool(const V&) or bool(const K&, const V&)");
    predicates_.push_back([holds = std::move(holds)](const K& key, const V& value) mutable {
      return static_cast<bool>(internal::call(holds, key, value));
    });
    add(options, static_cast<int>(predicates_.size()));
    return *this;
  }

  Branches default_branch(Branched<K, V> options = {}) {
    add(options, 0);
    return no_default_branch();
  }

  // What no branch takes goes no further.
  Branches no_default_branch() {
    point_.template set_choice<K, V>([predicates = predicates_](const K& key, const V& value) {
      std::size_t place = 0;
      while (place < predicates.size() && !predicates[place](key, value)) ++place;
      return place;
    });
    return branches_;
  }

 private:
  void add(const Branched<K, V>& options, int position) {
    const internal::StreamPoint at = point_.add(
        options.name, position, [](OperatorContext&) { return std::make_unique<internal::PassThrough<K, V>>(); });
    if (options.consumer) return options.consumer(KStream<K, V>(at));
    branches_.emplace(at.name(), KStream<K, V>(at));
  }

  internal::BranchPoint point_;
  std::vector<std::function<bool(const K&, const V&)>> predicates_ = {};
  Branches branches_ = {};
};

}  // namespace levada
