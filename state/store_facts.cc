#include <algorithm>
#include <set>

#include <absl/strings/strip.h>
#include <fmt/format.h>

#include <levada/core/big_endian.h>
#include <levada/core/status_macros.h>
#include <levada/state/rocks_store.h>
#include <levada/state/store_facts.h>

namespace levada {
namespace {

constexpr BytesView kKind = "kind/";
constexpr BytesView kOffset = "offset/";
constexpr BytesView kPosition = "position/";
constexpr BytesView kWindow = "window/";
constexpr BytesView kDropping = "dropping/";

constexpr std::size_t kKindBytes = 11;
constexpr int kTimestamped = 1;
constexpr int kHeaders = 2;
constexpr int kDuplicates = 1;
constexpr int kByTime = 2;
constexpr std::size_t kOffsetBytes = 8;
constexpr std::size_t kProgressBytes = 12;

bool consume(BytesView& text, BytesView prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::string fact(BytesView prefix, const std::string& store) { return std::string(prefix) + store; }

StoreKind read_kind(BytesView bytes) {
  return {.shape = static_cast<StoreShape>(bytes[0]),
          .timestamped = (bytes[1] & kTimestamped) != 0,
          .headers = (bytes[1] & kHeaders) != 0,
          .retain_duplicates = (bytes[2] & kDuplicates) != 0,
          .by_time = (bytes[2] & kByTime) != 0,
          .segment_interval = Duration(read_big_endian<std::int64_t>(bytes.substr(3)))};
}

WindowProgress read_progress(BytesView bytes) {
  return {.observed = Timestamp(Duration(read_big_endian<std::int64_t>(bytes))),
          .seqnum = read_big_endian<std::int32_t>(bytes.substr(8))};
}

absl::Status damaged(const RocksDatabase& database, BytesView name, BytesView value) {
  return absl::DataLossError(fmt::format("state directory {}: the entry '{}' has {} bytes, which nothing has",
                                         database.directory().string(), name, value.size()));
}

}  // namespace

std::string StoreKind::to_string() const {
  return fmt::format("{}{}{}{}{}", timestamped ? "timestamped " : "", name_of(shape),
                     retain_duplicates ? " with duplicates" : "", headers ? " with headers" : "",
                     by_time ? " that is read by time" : "");
}

StoreKind kind_of(const StoreSpec& spec) {
  return {.shape = spec.shape,
          .timestamped = spec.timestamped,
          .headers = spec.headers,
          .retain_duplicates = spec.retain_duplicates,
          .by_time = spec.by_time,
          .segment_interval = is_segmented(spec) ? WindowSegments(spec).interval() : Duration()};
}

absl::StatusOr<StoreFacts> StoreFacts::read(const RocksDatabase& database) {
  StoreFacts facts;
  using AllFacts = std::map<Bytes, Bytes>;
  LEVADA_ASSIGN_OR_RETURN(const AllFacts all, database.facts());
  for (const auto& [name, value] : all) {
    BytesView store = name;
    if (consume(store, kKind) && value.size() == kKindBytes) {
      facts.kinds_[std::string(store)] = read_kind(value);
    } else if (consume(store, kOffset) && value.size() == kOffsetBytes) {
      facts.offsets_[std::string(store)] = read_big_endian<std::int64_t>(value);
    } else if (consume(store, kPosition) && value.size() == kOffsetBytes) {
      facts.positions_[std::string(store)] = read_big_endian<std::int64_t>(value);
    } else if (consume(store, kWindow) && value.size() == kProgressBytes) {
      facts.progress_[std::string(store)] = read_progress(value);
    } else if (consume(store, kDropping)) {
      facts.dropping_.emplace_back(store);
    } else {
      return damaged(database, name, value);
    }
  }
  return facts;
}

std::optional<StoreKind> StoreFacts::kind(const std::string& store) const {
  const auto found = kinds_.find(store);
  return found == kinds_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Offset> StoreFacts::offset(const std::string& store) const {
  const auto found = offsets_.find(store);
  return found == offsets_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Offset> StoreFacts::position(const TopicPartition& input) const {
  const auto found = positions_.find(input.to_string());
  return found == positions_.end() ? std::nullopt : std::optional(found->second);
}

WindowProgress StoreFacts::progress(const std::string& store) const {
  const auto found = progress_.find(store);
  return found == progress_.end() ? WindowProgress() : found->second;
}

std::vector<std::string> StoreFacts::unwanted(const std::vector<std::string>& wanted) const {
  std::set<std::string> names(dropping_.begin(), dropping_.end());
  for (const auto& [store, kind] : kinds_) {
    if (std::ranges::find(wanted, store) == wanted.end()) names.insert(store);
  }
  return {names.begin(), names.end()};
}

absl::Status StoreFacts::drop(const std::string& store, RocksDatabase& database) {
  // An offset must never outlive the entries it speaks of, so a crash between the steps must be noticed.
  RocksBatch announcement(database, 0);
  announcement.put_fact(fact(kDropping, store), "");
  LEVADA_RETURN_IF_ERROR(database.write(announcement));
  LEVADA_RETURN_IF_ERROR(database.drop(families_of(database, store)));
  RocksBatch end(database, 0);
  for (const BytesView prefix : {kKind, kOffset, kWindow, kDropping}) end.erase_fact(fact(prefix, store));
  LEVADA_RETURN_IF_ERROR(database.write(end));
  kinds_.erase(store);
  offsets_.erase(store);
  progress_.erase(store);
  return absl::OkStatus();
}

void StoreFacts::put_kind(const std::string& store, const StoreKind& kind, RocksBatch& batch) {
  const int values = (kind.timestamped ? kTimestamped : 0) | (kind.headers ? kHeaders : 0);
  const int flags = (kind.retain_duplicates ? kDuplicates : 0) | (kind.by_time ? kByTime : 0);
  Bytes value = {static_cast<char>(kind.shape), static_cast<char>(values), static_cast<char>(flags)};
  append_big_endian<std::int64_t>(kind.segment_interval.count(), value);
  batch.put_fact(fact(kKind, store), value);
}

void StoreFacts::put_offset(const std::string& store, Offset next, RocksBatch& batch) {
  Bytes value;
  append_big_endian<std::int64_t>(next, value);
  batch.put_fact(fact(kOffset, store), value);
}

void StoreFacts::put_position(const TopicPartition& input, Offset next, RocksBatch& batch) {
  Bytes value;
  append_big_endian<std::int64_t>(next, value);
  batch.put_fact(fact(kPosition, input.to_string()), value);
}

void StoreFacts::put_progress(const std::string& store, const WindowProgress& progress, RocksBatch& batch) {
  Bytes value;
  append_big_endian<std::int64_t>(progress.observed.time_since_epoch().count(), value);
  append_big_endian<std::int32_t>(progress.seqnum, value);
  batch.put_fact(fact(kWindow, store), value);
}

}  // namespace levada
