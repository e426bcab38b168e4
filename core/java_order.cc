#include <algorithm>
#include <numeric>

#include <levada/core/java_order.h>

namespace levada::internal {

namespace {

constexpr char16_t kReplacement = 0xFFFD;

struct CodePoint {
  char32_t value;
  std::size_t length;
};

CodePoint decode_one(std::string_view in) {
  const auto lead = static_cast<unsigned char>(in[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 0x6 ? 2 : lead >> 4 == 0xE ? 3 : lead >> 3 == 0x1E ? 4 : 0;
  if (length == 0 || length > in.size()) return {kReplacement, 1};
  char32_t value = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(in[i]);
    if (next >> 6 != 0x2) return {kReplacement, 1};
    value = value << 6 | (next & 0x3FU);
  }
  return {value, length};
}

std::uint32_t spread(std::uint32_t hash) { return hash ^ hash >> 16; }

}  // namespace

std::u16string to_utf16(std::string_view utf8) {
  std::u16string out;
  while (!utf8.empty()) {
    const auto [value, length] = decode_one(utf8);
    utf8.remove_prefix(length);
    if (value < 0x10000) {
      out.push_back(static_cast<char16_t>(value));
    } else {
      out.push_back(static_cast<char16_t>(0xD800 + ((value - 0x10000) >> 10)));
      out.push_back(static_cast<char16_t>(0xDC00 + ((value - 0x10000) & 0x3FF)));
    }
  }
  return out;
}

std::uint32_t java_hash_code(std::string_view utf8) {
  std::uint32_t hash = 0;
  for (const char16_t unit : to_utf16(utf8)) hash = 31 * hash + unit;
  return hash;
}

std::uint32_t java_hash_code_of_bytes(std::string_view bytes) {
  std::uint32_t hash = 1;
  for (const char byte : bytes) hash = 31 * hash + static_cast<std::uint32_t>(static_cast<signed char>(byte));
  return hash;
}

// A table doubles when it is three quarters full, and what shares a bucket keeps its order.
std::vector<std::size_t> java_order_of_hashes(const std::vector<std::uint32_t>& hash_codes) {
  std::size_t buckets = 16;
  while (hash_codes.size() * 4 > buckets * 3) buckets *= 2;
  std::vector<std::size_t> order(hash_codes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t key) { return spread(hash_codes[key]) & (buckets - 1); });
  return order;
}

std::vector<std::string> java_hash_order(const std::vector<std::string>& keys) {
  std::vector<std::string> different;
  std::vector<std::uint32_t> hash_codes;
  for (const std::string& key : keys) {
    if (std::ranges::find(different, key) != different.end()) continue;
    different.push_back(key);
    hash_codes.push_back(java_hash_code(key));
  }
  std::vector<std::string> ordered;
  for (const std::size_t key : java_order_of_hashes(hash_codes)) ordered.push_back(different[key]);
  return ordered;
}

void JavaTreeSet::add(std::size_t value) {
  Place below = kNil;
  Place TreeNode::*side = nullptr;
  for (Place place = root_; place != kNil; place = at(place).*side) {
    const int order = compare_(value, at(place).value);
    if (order == 0) return;
    below = place;
    side = order < 0 ? &TreeNode::left : &TreeNode::right;
  }
  nodes_.push_back({.value = value, .parent = below});
  const auto added = static_cast<Place>(nodes_.size()) - 1;
  if (below == kNil) {
    root_ = added;
  } else {
    at(below).*side = added;
  }
  rebalance(added);
}

void JavaTreeSet::rebalance(Place place) {
  while (place != root_ && red(parent(place))) {
    const Place grandparent = parent(parent(place));
    const bool left = parent(place) == at(grandparent).left;
    Place TreeNode::*const near = left ? &TreeNode::left : &TreeNode::right;
    Place TreeNode::*const far = left ? &TreeNode::right : &TreeNode::left;
    const Place uncle = at(grandparent).*far;
    if (red(uncle)) {
      at(parent(place)).red = at(uncle).red = false;
      at(grandparent).red = true;
      place = grandparent;
      continue;
    }
    if (place == at(parent(place)).*far) {
      place = parent(place);
      rotate(place, far, near);
    }
    at(parent(place)).red = false;
    at(grandparent).red = true;
    rotate(grandparent, near, far);
  }
  at(root_).red = false;
}

void JavaTreeSet::rotate(Place top, Place TreeNode::*up, Place TreeNode::*down) {
  const Place rising = at(top).*up;
  const Place moved = at(rising).*down;
  at(top).*up = moved;
  if (moved != kNil) at(moved).parent = top;
  const Place above = at(top).parent;
  at(rising).parent = above;
  if (above == kNil) {
    root_ = rising;
  } else if (at(above).left == top) {
    at(above).left = rising;
  } else {
    at(above).right = rising;
  }
  at(rising).*down = top;
  at(top).parent = rising;
}

std::vector<std::size_t> JavaTreeSet::values() const {
  std::vector<std::size_t> out;
  collect(root_, out);
  return out;
}

void JavaTreeSet::collect(Place place, std::vector<std::size_t>& out) const {
  if (place == kNil) return;
  collect(at(place).left, out);
  out.push_back(at(place).value);
  collect(at(place).right, out);
}

}  // namespace levada::internal
