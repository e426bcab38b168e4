// How two answers to a case differ: the first difference as text, empty if there is none.
//
// Between two commits Kafka Streams writes every change of a store to its changelog, Levada the last one of each key:
// changelogs are compared by what each input leaves behind. Some changelogs have the headers of the input there, which
// nobody reads, and none here. All other topics are compared record by record.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace levada::differential {

// Both may refuse a topology; an error of either is a difference.
std::string difference(const nlohmann::json& kafka_streams, const nlohmann::json& levada);

}  // namespace levada::differential
