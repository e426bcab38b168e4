#include "bench/support/topics.h"

#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>

#include <fmt/core.h>
#include <librdkafka/rdkafka.h>

#include "bench/support/kafka_handle.h"

namespace bench {
namespace {

constexpr int kTimeoutMs = 30'000;

struct Deleter {
  void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
  void operator()(rd_kafka_DeleteTopic_t* topic) const { rd_kafka_DeleteTopic_destroy(topic); }
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
  void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
};
template <typename T>
using Owned = std::unique_ptr<T, Deleter>;

template <typename T>
std::vector<T*> pointers(const std::vector<Owned<T>>& owned) {
  std::vector<T*> raw;
  for (const Owned<T>& item : owned) raw.push_back(item.get());
  return raw;
}

Owned<rd_kafka_NewTopic_t> new_topic(const std::string& name, const TopicSettings& settings) {
  std::array<char, 512> why{};
  Owned<rd_kafka_NewTopic_t> topic(rd_kafka_NewTopic_new(name.c_str(), settings.partitions, 1, why.data(), why.size()));
  if (topic == nullptr) throw std::runtime_error(fmt::format("topic {}: {}", name, why.data()));
  for (const auto& [key, value] : settings.config) {
    throw_on(rd_kafka_NewTopic_set_config(topic.get(), key.c_str(), value.c_str()), "topic config");
  }
  return topic;
}

Owned<rd_kafka_event_t> wait_for_answer(rd_kafka_queue_t* queue) {
  Owned<rd_kafka_event_t> event(rd_kafka_queue_poll(queue, kTimeoutMs));
  if (event == nullptr) throw std::runtime_error("no answer from the broker");
  throw_on(rd_kafka_event_error(event.get()), "admin request");
  return event;
}

void throw_on_failed_topic(const rd_kafka_topic_result_t** results, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    throw_on(rd_kafka_topic_result_error(results[i]), fmt::format("topic {}", rd_kafka_topic_result_name(results[i])));
  }
}

}  // namespace

Topics::Topics(const Connection& connection) : handle_(make_handle({.type = RD_KAFKA_PRODUCER}, connection)) {}

void Topics::create(const std::vector<std::string>& names, const TopicSettings& settings) {
  std::vector<Owned<rd_kafka_NewTopic_t>> topics;
  for (const std::string& name : names) topics.push_back(new_topic(name, settings));
  std::vector<rd_kafka_NewTopic_t*> raw = pointers(topics);
  const Queue queue(rd_kafka_queue_new(handle_.get()));
  rd_kafka_CreateTopics(handle_.get(), raw.data(), raw.size(), nullptr, queue.get());
  const Owned<rd_kafka_event_t> event = wait_for_answer(queue.get());
  std::size_t count = 0;
  throw_on_failed_topic(rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count),
                        count);
  for (const std::string& name : names) wait_until_visible(name);
}

// The controller answers before every broker has heard of the topic.
void Topics::wait_until_visible(const std::string& name) const {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(kTimeoutMs);
  const Topic topic(rd_kafka_topic_new(handle_.get(), name.c_str(), nullptr));
  for (;;) {
    try {
      partition_count(handle_.get(), topic.get());
      return;
    } catch (const std::runtime_error&) {
      if (std::chrono::steady_clock::now() > deadline) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
}

void Topics::delete_prefix(const std::string& prefix) {
  std::vector<Owned<rd_kafka_DeleteTopic_t>> topics;
  for (const std::string& name : with_prefix(prefix)) topics.emplace_back(rd_kafka_DeleteTopic_new(name.c_str()));
  if (topics.empty()) return;
  std::vector<rd_kafka_DeleteTopic_t*> raw = pointers(topics);
  const Queue queue(rd_kafka_queue_new(handle_.get()));
  rd_kafka_DeleteTopics(handle_.get(), raw.data(), raw.size(), nullptr, queue.get());
  wait_for_answer(queue.get());
}

std::vector<std::string> Topics::with_prefix(const std::string& prefix) const {
  const rd_kafka_metadata_t* answer = nullptr;
  throw_on(rd_kafka_metadata(handle_.get(), 1, nullptr, &answer, kTimeoutMs), "metadata");
  const Owned<const rd_kafka_metadata_t> metadata(answer);
  std::vector<std::string> found;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    std::string name = metadata->topics[i].topic;
    if (name.starts_with(prefix)) found.push_back(std::move(name));
  }
  return found;
}

}  // namespace bench
