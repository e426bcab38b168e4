#include <absl/strings/match.h>
#include <absl/strings/numbers.h>

#include <levada/core/status_macros.h>
#include <levada/state/rocks_store.h>
#include <levada/state/window_segments.h>

namespace levada {
namespace {

std::string segments_prefix(const std::string& store) { return "window/" + store + "/"; }

// Gives the keys of a segment's column family their segment id back.
class SegmentRange final : public ByteIterator {
 public:
  SegmentRange(std::unique_ptr<ByteIterator> inner, std::int64_t id)
      : inner_(std::move(inner)), key_(segment_prefix(id)) {
    settle();
  }
  bool valid() const override { return inner_->valid(); }
  BytesView key() const override { return key_; }
  BytesView value() const override { return inner_->value(); }
  void next() override {
    inner_->next();
    settle();
  }

 private:
  void settle() {
    key_.resize(kSegmentPrefix);
    if (inner_->valid()) key_ += inner_->key();
  }

  const std::unique_ptr<ByteIterator> inner_;
  Bytes key_;
};

void add(RocksWriter& writer, RocksDatabase::Family& family, BytesView key, NullableView value) {
  value ? writer.put(family, key, *value) : writer.erase(family, key);
}

}  // namespace

std::string RocksStore::family_of(const std::string& store) { return "kv/" + store; }

RocksStore::RocksStore(RocksDatabase& database, const std::string& store)
    : database_(database), family_(*database.find(family_of(store))) {}

bool RocksStore::get(BytesView key, Bytes& out) const { return database_.get(family_, key, out); }

std::unique_ptr<ByteIterator> RocksStore::range(const ByteRange& range, Direction direction) const {
  return database_.range(family_, range, direction);
}

std::size_t RocksStore::approximate_num_entries() const { return database_.approximate_num_entries(family_); }

void RocksStore::add_to(RocksWriter& writer, BytesView key, NullableView value) const {
  add(writer, family_, key, value);
}

SegmentedRocksStore::SegmentedRocksStore(RocksDatabase& database, const std::string& store)
    : database_(database), prefix_(segments_prefix(store)) {
  families_created();
}

void SegmentedRocksStore::families_created() {
  for (const std::string& family : database_.families(prefix_)) {
    std::int64_t id = 0;
    if (absl::SimpleAtoi(family.substr(prefix_.size()), &id)) families_[id] = database_.find(family);
  }
}

std::vector<std::string> SegmentedRocksStore::missing_families(const std::set<std::int64_t>& ids) const {
  std::vector<std::string> missing;
  for (const std::int64_t id : ids) {
    if (find(id) == nullptr) missing.push_back(family_of(id));
  }
  return missing;
}

std::string SegmentedRocksStore::family_of(std::int64_t id) const { return prefix_ + std::to_string(id); }

RocksDatabase::Family* SegmentedRocksStore::find(std::int64_t id) const {
  const auto found = families_.find(id);
  return found == families_.end() ? nullptr : found->second;
}

bool SegmentedRocksStore::get(BytesView key, Bytes& out) const {
  RocksDatabase::Family* family = find(read_segment_id(key));
  return family != nullptr && database_.get(*family, without_segment(key), out);
}

std::unique_ptr<ByteIterator> SegmentedRocksStore::range(const ByteRange& range, Direction direction) const {
  const std::int64_t id = read_segment_id(range.from);
  RocksDatabase::Family* family = find(id);
  if (family == nullptr) return empty_range();
  ByteRange inside{.from = Bytes(without_segment(range.from))};
  if (range.to && absl::StartsWith(*range.to, segment_prefix(id))) inside.to = Bytes(without_segment(*range.to));
  return std::make_unique<SegmentRange>(database_.range(*family, inside, direction), id);
}

std::size_t SegmentedRocksStore::approximate_num_entries() const {
  std::size_t sum = 0;
  for (const auto& [id, family] : families_) sum += database_.approximate_num_entries(*family);
  return sum;
}

void SegmentedRocksStore::add_to(RocksWriter& writer, BytesView key, NullableView value) const {
  RocksDatabase::Family* family = find(read_segment_id(key));
  // What is deleted in a segment that was never written is not there.
  if (family == nullptr && !value) return;
  add(writer, *family, without_segment(key), value);
}

absl::Status SegmentedRocksStore::drop_segments_before(std::int64_t id) {
  std::vector<std::string> expired;
  const auto first_live = families_.lower_bound(id);
  for (auto at = families_.begin(); at != first_live; ++at) expired.push_back(family_of(at->first));
  LEVADA_RETURN_IF_ERROR(database_.drop(expired));
  families_.erase(families_.begin(), first_live);
  return absl::OkStatus();
}

std::set<std::int64_t> SegmentedRocksStore::segments() const {
  std::set<std::int64_t> ids;
  for (const auto& [id, family] : families_) ids.insert(id);
  return ids;
}

std::vector<std::string> families_of(const RocksDatabase& database, const std::string& store) {
  std::vector<std::string> names = database.families(segments_prefix(store));
  const std::string family = RocksStore::family_of(store);
  if (database.find(family) != nullptr) names.push_back(family);
  return names;
}

}  // namespace levada
