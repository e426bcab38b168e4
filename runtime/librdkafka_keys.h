// The configuration properties of the librdkafka that is linked in, asked of the library itself, so that there is no
// table here to grow old.
//
//   const LibrdkafkaKeys keys;
//   if (const LibrdkafkaKey* key = keys.find("queue.buffering.max.ms")) key->name;   // "linger.ms", Kafka's own
//   spelling absl::Status ok = keys.check("linger.ms", "5x");                               // kInvalidArgument says
//   what is wrong
//
// Immutable once made, so any thread may read it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <absl/status/status.h>

namespace levada::internal {

struct LibrdkafkaKey {
  std::string name = {};       // the same for all spellings of one property
  std::string canonical = {};  // the spelling librdkafka uses in its own messages
  std::string range = {};      // as librdkafka prints it: "0 .. 900000", "true, false", or nothing
  bool consumer = false;
  bool producer = false;
  bool callback = false;  // a C function, not a text
};

class LibrdkafkaKeys {
 public:
  LibrdkafkaKeys();

  const LibrdkafkaKey* find(std::string_view spelling) const;  // nullptr if librdkafka does not know it
  absl::Status check(std::string_view spelling, std::string_view value) const;

  const std::map<std::string, LibrdkafkaKey, std::less<>>& by_spelling() const { return keys_; }

 private:
  std::map<std::string, LibrdkafkaKey, std::less<>> keys_ = {};
};

}  // namespace levada::internal
