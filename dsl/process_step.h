// Puts a processor of the user's into the graph, with the stores among its arguments.
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <levada/core/processor.h>
#include <levada/core/store.h>
#include <levada/dsl/fixed_key_processor.h>
#include <levada/dsl/named.h>
#include <levada/dsl/stream_point.h>

namespace levada {

template <class K, class V>
class KStream;

namespace internal {

template <class T>
void append_store(const T&, std::vector<std::string>&) {}
template <class S>
void append_store(const StoreRef<S>& store, std::vector<std::string>& names) {
  names.push_back(store.name);
}

template <class P, class... Args>
std::unique_ptr<P> construct(OperatorContext& context, const Args&... args) {
  if constexpr (std::is_constructible_v<P, Context&, const Args&...>) {
    return std::make_unique<P>(context, args...);
  } else {
    static_assert(std::is_constructible_v<P, const Args&...>,
                  "process<P>(args...): P needs a constructor P(Context&, args...) or P(args...) for these arguments");
    return std::make_unique<P>(args...);
  }
}

template <class P, class... Args>
auto add_process_step(const StreamPoint& at, const Step& step, Args... args) {
  std::vector<std::string> stores;
  (append_store(args, stores), ...);
  const StreamPoint added = at.process(step, std::move(stores),
                                       [args...](OperatorContext& context) { return construct<P>(context, args...); });
  if constexpr (requires { typename P::KeyOut; }) return KStream<typename P::KeyOut, typename P::ValueOut>(added);
}

template <class P, class... Args>
auto add_process_step(const StreamPoint& at, Step step, Named named, Args... args) {
  step.name = named.name;
  return add_process_step<P, Args...>(at, step, std::move(args)...);
}

}  // namespace internal
}  // namespace levada
