#include <levada/core/big_endian.h>
#include <levada/runtime/refused_records.h>

namespace levada {
namespace {

constexpr std::size_t kMost = 10'000;

void append(NullableView bytes, std::string& out) {
  append_big_endian(bytes ? static_cast<std::int64_t>(bytes->size()) : std::int64_t{-1}, out);
  if (bytes) out += *bytes;
}

// Not of the timestamp, which may be that of the moment it was sent.
std::string identity(std::string_view topic, NullableView key, NullableView value) {
  std::string identity;
  append(topic, identity);
  append(key, identity);
  append(value, identity);
  return identity;
}

}  // namespace

void RefusedRecords::add(const FailedDelivery& failed) {
  std::string id = identity(failed.topic, failed.key, failed.value);
  const auto known = records_.find(id);
  if (known != records_.end()) {
    known->second.is_suspect = false;
  } else if (records_.size() < kMost) {
    records_.emplace(std::move(id), Record{.reason = failed.reason});
  }
}

const RefusedRecords::Record* RefusedRecords::find(std::string_view topic, NullableView key, NullableView value) const {
  const auto found = records_.find(identity(topic, key, value));
  return found == records_.end() ? nullptr : &found->second;
}

}  // namespace levada
