// Random structs become JSON and come back the same; random damage to the text is an error or a value, never a crash.
#include <bit>
#include <cmath>
#include <map>
#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <levada/core/json.h>

namespace levada {

enum class Kind : std::uint8_t { kNone, kSome, kAll };

template <>
struct JsonTraits<Kind> {
  static constexpr auto json_names() {
    return levada::json_names(Kind::kNone, "none", Kind::kSome, "so\"me", Kind::kAll, "all é");
  }
};

namespace {

struct Leaf {
  std::optional<std::string> text;
  std::int16_t small = 0;
  std::uint64_t big = 0;
  float real = 0;

  bool operator==(const Leaf&) const = default;
  static constexpr auto json_fields() {
    return levada::json_fields("text", &Leaf::text, "sm\\all", &Leaf::small, "big", &Leaf::big, "", &Leaf::real);
  }
};

struct Branch {
  bool flag = false;
  Kind kind = Kind::kNone;
  double number = 0;
  std::string name;
  Uuid id;
  Timestamp time;
  std::vector<Leaf> leaves;
  std::map<std::string, std::optional<std::int64_t>> counts;
  std::vector<std::vector<bool>> bits;
  std::optional<Leaf> leaf;

  bool operator==(const Branch&) const = default;
  static constexpr auto json_fields() {
    return levada::json_fields("flag", &Branch::flag, "kind", &Branch::kind, "number", &Branch::number, "name",
                               &Branch::name, "id", &Branch::id, "time", &Branch::time, "leaves", &Branch::leaves,
                               "counts", &Branch::counts, "bits", &Branch::bits, "leaf", &Branch::leaf);
  }
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  Branch branch() {
    Branch branch;
    branch.flag = below(2) == 1;
    branch.kind = static_cast<Kind>(below(3));
    branch.number = number();
    branch.name = text();
    branch.id = random_uuid(random_);
    branch.time = Timestamp(Duration(below(253'000'000'000'000)));
    for (std::uint64_t n = below(4); n > 0; --n) branch.leaves.push_back(leaf());
    for (std::uint64_t n = below(4); n > 0; --n) branch.counts[text()] = count();
    for (std::uint64_t n = below(4); n > 0; --n) branch.bits.emplace_back(below(4), below(2) == 1);
    if (below(2) == 1) branch.leaf = leaf();
    return branch;
  }

 private:
  Leaf leaf() {
    Leaf leaf;
    leaf.small = static_cast<std::int16_t>(random_());
    leaf.big = random_();
    if (below(2) == 1) leaf.text = text();
    leaf.real = static_cast<float>(number());
    if (!std::isfinite(leaf.real)) leaf.real = 0;
    return leaf;
  }

  std::optional<std::int64_t> count() {
    if (below(3) == 0) return std::nullopt;
    return static_cast<std::int64_t>(random_());
  }

  double number() {
    const double value = std::bit_cast<double>(random_());
    return std::isfinite(value) ? value : 0;
  }

  std::string text() {
    static constexpr const char* kPieces[] = {"a", "\"", "\\", "\n",   "\x01", "é", "日本",
                                              "😀", "/",  " ",  "\x7f", "{",    ","};
    std::string text;
    for (std::uint64_t n = below(40); n > 0; --n) text += kPieces[below(std::size(kPieces))];
    return text;
  }

  std::mt19937_64 random_;
};

TEST(JsonRoundTrip, RandomStructsComeBackTheSame) {
  Generator generator(11);
  for (int i = 0; i < 2'000; ++i) {
    const Branch branch = generator.branch();
    const std::string text = to_json(branch);
    ASSERT_EQ(from_json<Branch>(text), branch) << text;
  }
}

TEST(JsonRoundTrip, AnotherReaderAgreesThatItIsJson) {
  Generator generator(12);
  for (int i = 0; i < 500; ++i) {
    const Branch branch = generator.branch();
    const nlohmann::json json = nlohmann::json::parse(to_json(branch));
    ASSERT_EQ(json.at("name"), branch.name);
    ASSERT_EQ(json.at("number"), branch.number);
    ASSERT_EQ(json.at("leaves").size(), branch.leaves.size());
    ASSERT_EQ(from_json<Branch>(json.dump(2)), branch);
  }
}

std::string damaged(std::string text, Generator& generator) {
  static constexpr std::string_view kBytes = "{}[]:,\"\\0-e.tfn \x01\xff\xc3";
  for (std::uint64_t n = 1 + generator.below(3); n > 0 && !text.empty(); --n) {
    const std::size_t at = generator.below(text.size());
    switch (generator.below(3)) {
      case 0:
        text.erase(at, 1 + generator.below(10));
        break;
      case 1:
        text.insert(at, 1, kBytes[generator.below(kBytes.size())]);
        break;
      default:
        text[at] = kBytes[generator.below(kBytes.size())];
    }
  }
  return text;
}

TEST(JsonRoundTrip, DamageIsAnErrorOrAValueButNothingWorse) {
  Generator generator(13);
  int errors = 0;
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = damaged(to_json(generator.branch()), generator);
    try {
      from_json<Branch>(text);
    } catch (const SerdeError&) {
      ++errors;
    }
  }
  EXPECT_GT(errors, 2'000);
}

bool is_null_or_scalar(JsonReader& reader) {
  const auto reads = [](auto read) {
    try {
      read();
      return true;
    } catch (const SerdeError&) {
      return false;
    }
  };
  return reader.read_null() || reads([&] { (void)reader.read_string(); }) || reads([&] { reader.read_double(); }) ||
         reads([&] { reader.read_bool(); });
}

// Reads all there is, whatever it is.
void read_whatever(JsonReader& reader, int& values) {
  ++values;
  if (is_null_or_scalar(reader)) return;
  const int before = values;
  try {
    return reader.read_object([&](std::string_view, JsonReader& value) { read_whatever(value, values); });
  } catch (const SerdeError&) {
    if (values != before) throw;  // it is an object, and broken
  }
  reader.read_array([&](JsonReader& value) { read_whatever(value, values); });
}

bool is_json(const std::string& text) {
  try {
    int values = 0;
    read_json_text(text, [&](JsonReader& reader) { read_whatever(reader, values); });
    return true;
  } catch (const SerdeError&) {
    return false;
  }
}

TEST(JsonRoundTrip, AnotherReaderAgreesAboutWhatIsDamaged) {
  Generator generator(14);
  int broken = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = damaged(to_json(generator.branch()), generator);
    const bool expected = nlohmann::json::accept(text);
    ASSERT_EQ(is_json(text), expected) << text;
    broken += expected ? 0 : 1;
  }
  EXPECT_GT(broken, 5'000);
  EXPECT_LT(broken, 19'000);
}

}  // namespace
}  // namespace levada
