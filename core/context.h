// What a task offers to the processors that live in it.
//
//   class Forget final : public Processor<std::string, Order, std::string, Order> {
//    public:
//     Forget(Context& context, const StoreRef<Seen>& seen) : seen_(context.store(seen)) {
//       context.schedule(1min, PunctuationType::kStreamTime, [this](Timestamp now) { forget_before(now - 1h); });
//     }
//
// Belongs to the task; outlives its processors. Used on the task's thread only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include <levada/core/record_context.h>
#include <levada/core/store.h>
#include <levada/core/streams_metrics.h>
#include <levada/core/time.h>

namespace levada {

enum class PunctuationType { kStreamTime, kWallClockTime };

// Names a schedule, to cancel it.
enum class PunctuationId : std::uint64_t {};

class Context {
 public:
  virtual ~Context() = default;

  // The store of that name. Throws std::invalid_argument when the processor was not connected to it, or its type is
  // another.
  template <class S>
  S& store(const StoreRef<S>& ref) {
    auto* store = dynamic_cast<S*>(&find_store(ref.name));
    if (store == nullptr)
      throw std::invalid_argument("store " + ref.name + " has another type than its reference says");
    return *store;
  }

  // Calls `action` every `interval`: of stream time, aligned to 0 and only when data arrives, or of wall-clock time,
  // first an interval from now. Missed intervals collapse into one. Never concurrently with process().
  virtual PunctuationId schedule(Duration interval, PunctuationType type, std::function<void(Timestamp)> action) = 0;
  virtual void cancel(PunctuationId id) = 0;

  // The record that is being processed.
  virtual const RecordContext& record() const = 0;
  // The highest timestamp the task has seen, or the lowest time of the tasks upstream where these tell it and it is
  // less; kNoTimestamp before the first record.
  virtual Timestamp stream_time() const = 0;
  virtual Timestamp wall_clock_time() const = 0;

  virtual const std::string& application_id() const = 0;
  virtual const std::string& task_id() const = 0;
  // What the application is configured with, defaults included, as text. A key of its own begins with "app.".
  virtual const std::map<std::string, std::string>& app_configs() const = 0;
  // Of these, what begins with the prefix, without it.
  std::map<std::string, std::string> app_configs_with_prefix(std::string_view prefix) const;
  // For files of the processors' own: a directory of the task's, made at the first call. What is in it is lost when the
  // task moves to another instance, or its state is damaged. Throws std::invalid_argument where the task has none on
  // disk, as under a TopologyTestDriver without a state directory.
  virtual std::filesystem::path state_dir() const = 0;

  // For numbers of the application's own; lives longer than the task.
  virtual StreamsMetrics& metrics() = 0;

  // Asks for a commit soon, before the commit interval is over.
  virtual void request_commit() = 0;

 private:
  virtual StateStore& find_store(const std::string& name) = 0;
};

}  // namespace levada
