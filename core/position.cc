#include <algorithm>

#include <fmt/format.h>

#include <levada/core/big_endian.h>
#include <levada/core/java_order.h>
#include <levada/core/position.h>
#include <levada/core/serde_traits.h>

namespace levada {
namespace {

constexpr char kVersion = 0;

// What Kafka Streams allocates: the bits of every number, and the bytes of every name.
std::size_t allocated(const Position& position) {
  std::size_t size = 8 + 32;
  for (const auto& [topic, offsets] : position) size += 32 + topic.size() + 32 + offsets.size() * (32 + 64);
  return size;
}

template <class Number>
Number take(BytesView& in) {
  if (in.size() < sizeof(Number)) throw SerdeError(fmt::format("position: cut short, {} bytes are left", in.size()));
  const Number number = read_big_endian<Number>(in);
  in.remove_prefix(sizeof(Number));
  return number;
}

auto find(const Position& position, const std::string& topic) {
  return std::find_if(position.begin(), position.end(), [&](const auto& each) { return each.first == topic; });
}

}  // namespace

void advance(Position& position, const TopicPartition& source, Offset offset) {
  const auto place = static_cast<std::size_t>(find(position, source.topic) - position.begin());
  if (place == position.size()) position.push_back({source.topic, {}});
  Offset& known = position[place].second.try_emplace(source.partition, offset).first->second;
  known = std::max(known, offset);
}

Position in_java_order(const Position& position) {
  std::vector<std::string> topics;
  for (const auto& [topic, offsets] : position) topics.push_back(topic);
  Position ordered;
  for (const std::string& topic : internal::java_hash_order(topics)) ordered.push_back(*find(position, topic));
  return ordered;
}

void append_position(const Position& position, Bytes& out) {
  const std::size_t end = out.size() + allocated(position);
  out.push_back(kVersion);
  append_big_endian<std::int32_t>(static_cast<std::int32_t>(position.size()), out);
  for (const auto& [topic, offsets] : position) {
    append_big_endian<std::int32_t>(static_cast<std::int32_t>(topic.size()), out);
    out += topic;
    append_big_endian<std::int32_t>(static_cast<std::int32_t>(offsets.size()), out);
    for (const auto& [partition, offset] : offsets) {
      append_big_endian<std::int32_t>(partition, out);
      append_big_endian<std::int64_t>(offset, out);
    }
  }
  out.resize(end, '\0');
}

Position read_position(BytesView bytes) {
  if (const char version = take<char>(bytes); version != kVersion) {
    throw SerdeError(fmt::format("position: unknown version {}", static_cast<int>(version)));
  }
  Position position;
  for (auto topics = take<std::int32_t>(bytes); topics > 0; --topics) {
    const auto size = static_cast<std::size_t>(take<std::int32_t>(bytes));
    if (size > bytes.size()) throw SerdeError(fmt::format("position: a name of {} bytes is cut short", size));
    auto& [topic, offsets] = position.emplace_back(std::string(bytes.substr(0, size)), std::map<Partition, Offset>());
    bytes.remove_prefix(size);
    for (auto partitions = take<std::int32_t>(bytes); partitions > 0; --partitions) {
      const auto partition = take<std::int32_t>(bytes);
      offsets[partition] = take<std::int64_t>(bytes);
    }
  }
  return position;
}

}  // namespace levada
