#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/properties_text.h>

namespace levada::internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::vector<std::pair<std::string, std::string>> read(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  PropertiesText properties(text);
  while (std::optional<Property> property = properties.next()) pairs.emplace_back(property->key, property->value);
  EXPECT_EQ(properties.error(), "");
  return pairs;
}

TEST(PropertiesText, TakesEverySeparator) {
  EXPECT_THAT(read("a=1\nb:2\nc 3\n d \t = \t 4\ne\nf==5\ng=x:y"),
              ElementsAre(Pair("a", "1"), Pair("b", "2"), Pair("c", "3"), Pair("d", "4"), Pair("e", ""),
                          Pair("f", "=5"), Pair("g", "x:y")));
}

TEST(PropertiesText, SkipsCommentsAndEmptyLines) {
  EXPECT_THAT(read("# one\\\n  ! two\n\n   \na = 1 # not a comment\n#last"),
              ElementsAre(Pair("a", "1 # not a comment")));
  EXPECT_THAT(read(""), IsEmpty());
}

TEST(PropertiesText, JoinsLinesThatEndInABackslash) {
  EXPECT_THAT(read("list = a,\\\n    b,\\\r\n\tc\nnext=1"), ElementsAre(Pair("list", "a,b,c"), Pair("next", "1")));
  EXPECT_THAT(read("path = c:\\\\\nb = 2"), ElementsAre(Pair("path", "c:\\"), Pair("b", "2")));
  EXPECT_THAT(read("a = 1\\"), ElementsAre(Pair("a", "1")));
}

TEST(PropertiesText, UnderstandsEveryLineEnd) {
  EXPECT_THAT(read("a=1\rb=2\r\nc=3\nd=4"),
              ElementsAre(Pair("a", "1"), Pair("b", "2"), Pair("c", "3"), Pair("d", "4")));
}

TEST(PropertiesText, ResolvesEscapes) {
  EXPECT_THAT(read("a\\ b\\=c = x\\ty\\nz\\q"), ElementsAre(Pair("a b=c", "x\ty\nzq")));
  EXPECT_THAT(read("u = \\u0041\\u00e9\\u20ac\\uD83D\\uDE00"), ElementsAre(Pair("u", "Aé€😀")));
}

TEST(PropertiesText, TellsTheLineWhereAPropertyBegins) {
  PropertiesText properties("# c\n\na = 1,\\\n 2\nb = 3\n");
  EXPECT_EQ(properties.next()->line, 3);
  EXPECT_EQ(properties.next()->line, 5);
}

TEST(PropertiesText, RefusesAMalformedCharacter) {
  for (const char* text : {"a = 1\nb = \\u12", "a = 1\nb = \\uXYZ1", "a = 1\nb = \\uD83D", "a = 1\nb = \\uDE00"}) {
    PropertiesText properties(text);
    EXPECT_TRUE(properties.next().has_value());
    EXPECT_FALSE(properties.next().has_value()) << text;
    EXPECT_NE(properties.error(), "") << text;
    EXPECT_EQ(properties.line(), 2);
  }
}

}  // namespace
}  // namespace levada::internal
