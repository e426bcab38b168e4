// The topics of a topology in the form of data/describe/*.topics.json, for an application called "app".
#pragma once

#include <nlohmann/json.hpp>

#include <levada/core/topology.h>

namespace levada {

nlohmann::json topics_json(const Topology& topology);

}  // namespace levada
