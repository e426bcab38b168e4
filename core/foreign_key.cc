#include <fmt/format.h>

#include <levada/core/big_endian.h>
#include <levada/core/foreign_key.h>
#include <levada/core/serde_traits.h>

namespace levada {
namespace {

constexpr unsigned char kWithoutHash = 0x80;
constexpr std::size_t kHashSize = 16;

void append_head(unsigned char version, const std::optional<Hash128>& hash, NullableView instruction, Bytes& out) {
  out += static_cast<char>(hash ? version : version | kWithoutHash);
  if (instruction) out += *instruction;
  if (!hash) return;
  append_big_endian(hash->first, out);
  append_big_endian(hash->second, out);
}

// Takes the next `size` bytes off the front.
BytesView take(BytesView& bytes, std::size_t size, const char* what) {
  if (bytes.size() < size) throw SerdeError(fmt::format("{}: {} bytes are missing", what, size - bytes.size()));
  const BytesView taken = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return taken;
}

std::optional<Hash128> take_hash(BytesView& bytes, bool is_there, const char* what) {
  if (!is_there) return std::nullopt;
  const BytesView hash = take(bytes, kHashSize, what);
  return Hash128{read_big_endian<std::int64_t>(hash), read_big_endian<std::int64_t>(hash.substr(8))};
}

unsigned char take_byte(BytesView& bytes, const char* what) {
  return static_cast<unsigned char>(take(bytes, 1, what).front());
}

unsigned char checked_version(unsigned char byte, unsigned char newest, const char* what) {
  const auto version = static_cast<unsigned char>(byte & ~kWithoutHash);
  if (version > newest)
    throw SerdeError(fmt::format("{}: version {}, but {} is the newest known", what, version, newest));
  return version;
}

}  // namespace

void append_subscription(const SubscriptionView& subscription, Bytes& out, const OlderFormats& formats) {
  const char instruction = static_cast<char>(subscription.instruction);
  const bool with_partition = subscription.partition && !formats.subscriptions_without_partition;
  append_head(with_partition ? 1 : 0, subscription.hash, BytesView(&instruction, 1), out);
  out += subscription.primary_key;
  if (with_partition) append_big_endian<std::int32_t>(*subscription.partition, out);
}

SubscriptionView read_subscription(BytesView bytes) {
  constexpr const char* kWhat = "subscription of a foreign-key join";
  SubscriptionView subscription;
  const unsigned char head = take_byte(bytes, kWhat);
  const unsigned char version = checked_version(head, 1, kWhat);
  const unsigned char instruction = take_byte(bytes, kWhat);
  if (instruction > 3) throw SerdeError(fmt::format("{}: unknown instruction {}", kWhat, instruction));
  subscription.instruction = static_cast<SubscriptionInstruction>(instruction);
  subscription.hash = take_hash(bytes, (head & kWithoutHash) == 0, kWhat);
  if (version > 0) {
    constexpr std::size_t kPartitionSize = sizeof(std::int32_t);
    if (bytes.size() < kPartitionSize) throw SerdeError(fmt::format("{}: the partition is missing", kWhat));
    subscription.partition = read_big_endian<std::int32_t>(bytes.substr(bytes.size() - kPartitionSize));
    bytes.remove_suffix(kPartitionSize);
  }
  subscription.primary_key = bytes;
  return subscription;
}

void append_subscription_response(const SubscriptionResponseView& response, Bytes& out) {
  append_head(0, response.hash, std::nullopt, out);
  if (response.foreign_value) out += *response.foreign_value;
}

SubscriptionResponseView read_subscription_response(BytesView bytes) {
  constexpr const char* kWhat = "response of a foreign-key join";
  const unsigned char head = take_byte(bytes, kWhat);
  checked_version(head, 0, kWhat);
  SubscriptionResponseView response = {.hash = take_hash(bytes, (head & kWithoutHash) == 0, kWhat)};
  if (!bytes.empty()) response.foreign_value = bytes;
  return response;
}

void append_subscription_prefix(BytesView foreign_key, Bytes& out) {
  append_big_endian(static_cast<std::int32_t>(foreign_key.size()), out);
  out += foreign_key;
}

}  // namespace levada
