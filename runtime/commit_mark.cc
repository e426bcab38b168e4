#include <levada/core/big_endian.h>
#include <levada/core/murmur3.h>
#include <levada/runtime/commit_mark.h>

namespace levada {
namespace {

void append(const std::string& name, Offset offset, Bytes& out) {
  append_big_endian(static_cast<std::int32_t>(name.size()), out);
  out += name;
  append_big_endian<std::int64_t>(offset, out);
}

}  // namespace

std::int64_t commit_mark(const std::map<std::string, Offset>& changelog_ends,
                         const std::map<TopicPartition, Offset>& inputs) {
  Bytes bytes;
  for (const auto& [store, end] : changelog_ends) append(store, end, bytes);
  for (const auto& [input, next] : inputs) append(input.to_string(), next, bytes);
  return murmur3(bytes).first;
}

}  // namespace levada
