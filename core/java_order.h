// The orders in which Java's collections give back what was put into them. Kafka Streams' describe() text follows from
// them, down to collections that are filled while what they are sorted by still changes.
//
//   java_hash_order({"t3", "t1", "t2"});            // {"t1", "t2", "t3"}: what a HashSet<String> iterates
//   JavaTreeSet set(compare);                       // a TreeSet whose comparator may change its mind
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace levada::internal {

// Java's strings are sorted and hashed by their UTF-16 units. Bytes that are no UTF-8 become U+FFFD.
std::u16string to_utf16(std::string_view utf8);

// String.hashCode().
std::uint32_t java_hash_code(std::string_view utf8);

// The iteration order of a HashSet or of a HashMap's keys, filled in the given order.
std::vector<std::string> java_hash_order(const std::vector<std::string>& keys);

// Arrays.hashCode(byte[]).
std::uint32_t java_hash_code_of_bytes(std::string_view bytes);

// The same order of keys that are all different, by their hash codes: which comes first, which second, …
std::vector<std::size_t> java_order_of_hashes(const std::vector<std::uint32_t>& hash_codes);

// A red-black tree of small numbers, as java.util.TreeMap builds it: where an element ends up depends on the
// comparisons made when it was added, never on later ones.
class JavaTreeSet {
 public:
  using Compare = std::function<int(std::size_t, std::size_t)>;

  explicit JavaTreeSet(Compare compare) : compare_(std::move(compare)) {}

  void add(std::size_t value);
  std::vector<std::size_t> values() const;

 private:
  using Place = std::ptrdiff_t;
  static constexpr Place kNil = -1;

  struct TreeNode {
    std::size_t value;
    Place parent;
    Place left = kNil;
    Place right = kNil;
    bool red = true;
  };

  void rebalance(Place added);
  // The child of `top` on side `up` takes its place; `top` becomes its child on side `down`.
  void rotate(Place top, Place TreeNode::*up, Place TreeNode::*down);
  bool red(Place place) const { return place != kNil && at(place).red; }
  Place parent(Place place) const { return at(place).parent; }
  TreeNode& at(Place place) { return nodes_[static_cast<std::size_t>(place)]; }
  const TreeNode& at(Place place) const { return nodes_[static_cast<std::size_t>(place)]; }
  void collect(Place place, std::vector<std::size_t>& out) const;

  Compare compare_;
  std::vector<TreeNode> nodes_ = {};
  Place root_ = kNil;
};

}  // namespace levada::internal
