// A librdkafka client: its handle, where its log goes, what last went wrong with its brokers, and an end in bounded
// time.
//
//   LEVADA_ASSIGN_OR_RETURN(auto client, KafkaClient::create(std::move(config), log));
//   LEVADA_RETURN_IF_ERROR(client->status(rd_kafka_commit(client->handle(), list, 0), "commit"));
//
// Owned by one Consumer, Producer or Admin and used by its thread; librdkafka's own threads only log. Destruction that
// librdkafka does not finish in time (2.0.2 can wait for ever for a reference) is left to a thread that is given up,
// and logged.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <absl/functional/any_invocable.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/log.h>
#include <levada/core/time.h>
#include <levada/runtime/kafka/client_config.h>
#include <levada/runtime/kafka/handles.h>

namespace levada::internal {

// What librdkafka tells from within a call of ours that serves its queue.
class ClientEvents {
 public:
  virtual void on_rebalance(int kind, rd_kafka_topic_partition_list_s* partitions) = 0;
  virtual void on_delivery_failure(const rd_kafka_message_s* message) = 0;

 protected:
  ~ClientEvents() = default;
};

class KafkaClient {
 public:
  static absl::StatusOr<std::unique_ptr<KafkaClient>> create(ClientConfig config, const Logger& log);
  ~KafkaClient();
  KafkaClient(const KafkaClient&) = delete;
  KafkaClient& operator=(const KafkaClient&) = delete;

  rd_kafka_s* handle() const { return handle_; }
  const Logger& log() const;
  void set_events(ClientEvents* events);  // nullptr: nobody listens

  // As kafka_status(), with what the brokers said last where the code alone ("timed out") explains nothing, or what
  // they refused us.
  absl::Status status(int error, std::string_view what, std::string_view detail = {}) const;
  absl::Status status(const rd_kafka_error_s* error, std::string_view what) const;
  // What the brokers refused and trying again will not change (our credentials, a right, a topic that is not there),
  // since it was last asked for. Told from within calls that serve librdkafka's queue.
  std::optional<absl::Status> take_refusal() const;
  // Why this client can do no more (fenced, for instance); OK otherwise.
  absl::Status fatal_status() const;
  // That it was fenced as a static member, but by nobody: its session had timed out, and what it said under its old
  // member id is refused by brokers as that of another process. A new client with the same instance id may go on.
  bool has_fenced_itself() const;
  // That its group.instance.id belongs to a member whose session has not ended, under the newer group protocol.
  bool instance_id_is_taken() const;
  // Makes a call of librdkafka that may never come back, on a thread of its own. If it does not in this time, false:
  // the client is left to it, with its memory and threads, and is good for nothing more. The call owns all it uses but
  // the handle.
  bool call_in_time(std::string_view what, Duration limit, absl::AnyInvocable<void()> call);
  bool abandoned() const { return abandoned_; }
  void begin_session() const;  // it was given partitions: from now on it is others that fence it

  struct Context;

 private:
  KafkaClient(std::unique_ptr<Context> context, rd_kafka_s* handle);

  absl::Status explained(absl::Status status) const;
  void give_up();

  std::unique_ptr<Context> context_;
  rd_kafka_s* handle_;
  bool abandoned_ = false;
};

// For librdkafka's int milliseconds.
int to_milliseconds(Duration duration);

}  // namespace levada::internal
