// How a left or outer join of two streams keeps the records that have found no partner yet.
//
//   append_outer_join_key({.timestamp = ts, .side = JoinSide::kLeft, .key = "k"}, key);
//   append_outer_join_value({.side = JoinSide::kLeft, .value = "v"}, value);
//   append_list_value({value}, entry);                          // what is stored under the key
//
// Grammar: key `int64 timestamp | side | k`, value `side | v`, side 01 for left and 00 for right; stored and logged is
// a variable-size list of such values (serdes/list.h). read_… looks into its argument and throws SerdeError.
#pragma once

#include <vector>

#include <levada/core/bytes.h>
#include <levada/core/time.h>

namespace levada {

enum class JoinSide : char { kRight = 0, kLeft = 1 };

struct OuterJoinKey {
  Timestamp timestamp;
  JoinSide side;
  BytesView key;

  bool operator==(const OuterJoinKey&) const = default;
};

struct OuterJoinValue {
  JoinSide side;
  BytesView value;

  bool operator==(const OuterJoinValue&) const = default;
};

void append_outer_join_key(const OuterJoinKey& key, Bytes& out);
OuterJoinKey read_outer_join_key(BytesView bytes);

void append_outer_join_value(const OuterJoinValue& value, Bytes& out);
OuterJoinValue read_outer_join_value(BytesView bytes);

void append_list_value(const std::vector<BytesView>& entries, Bytes& out);
std::vector<BytesView> read_list_value(BytesView bytes);

}  // namespace levada
