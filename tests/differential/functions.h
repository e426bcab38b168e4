// The functions that cases name, as "name" or "name:argument", over keys and values as texts. Functions.java has the
// same for Kafka Streams.
//
//   map_text("append:x", "key", "value")      // "valuex"
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <levada/core/windowed.h>

namespace levada::differential {

using Text = std::optional<std::string>;
using Long = std::int64_t;

// What a function sees of a key or value.
inline Text text_of(const Text& text) { return text; }
inline Text text_of(const std::string& text) { return text; }
inline Text text_of(Long number) { return std::to_string(number); }
inline Text text_of(std::optional<Long> number) { return number ? text_of(*number) : std::nullopt; }
Text text_of(const Windowed<std::string>& key);

Text map_text(const std::string& function, const Text& key, const Text& value);
bool holds(const std::string& function, const Text& key, const Text& value);

// Up to three parts of the value.
std::vector<Text> parts_of(const Text& value);

// Two values put together: by joins, reducers, aggregators and the like.
Text join_texts(const std::string& function, const Text& left, const Text& right);

// Two aggregates of sessions put together.
std::string merge_texts(const std::string& left, const std::string& right);

}  // namespace levada::differential
