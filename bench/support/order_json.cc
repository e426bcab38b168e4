#include "bench/support/order_json.h"

namespace bench {
namespace {

constexpr std::size_t kHourLength = std::string_view("2026-01-01T00").size();

}  // namespace

void OrderJson::open(std::string_view json) {
  if (padded_.size() < json.size() + simdjson::SIMDJSON_PADDING) {
    padded_.resize(json.size() + simdjson::SIMDJSON_PADDING);
  }
  json.copy(padded_.data(), json.size());
  document_ = parser_.iterate(simdjson::padded_string_view(padded_.data(), json.size(), padded_.size()));
}

std::string_view OrderJson::type() { return document_["type"]; }
std::string_view OrderJson::order_id() { return document_["orderId"]; }
double OrderJson::amount() { return document_["data"]["amount"]; }

std::string_view OrderJson::hour() {
  const std::string_view timestamp = document_["timestamp"];
  return timestamp.substr(0, kHourLength);
}

}  // namespace bench
