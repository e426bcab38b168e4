#include <levada/state/change_buffer.h>

namespace levada {

StoreSpec ChangeBuffer::spec(std::string name, const Options& options) {
  return {.name = std::move(name),
          .shape = StoreShape::kChangeBuffer,
          .engine = StoreEngine::kInMemory,
          .logging = options.logging,
          .topic_config = options.topic_config,
          .make = [](StoreHost& host) { return std::make_unique<ChangeBuffer>(host); }};
}

void ChangeBuffer::follow() {
  if (followed_ == host_.generation()) return;
  followed_ = host_.generation();
  order_.clear();
  bytes_ = 0;
  for (auto it = host_.range({}, Direction::kForward); it->valid(); it->next()) {
    order_.emplace(read_buffered_time(it->value()), it->key());
    bytes_ += buffered_change_size(it->key(), it->value());
  }
}

void ChangeBuffer::put(BytesView key, BufferedChange change, const RecordContext& record) {
  follow();
  if (host_.get(key, stored_)) {
    const BufferedChange held = read_buffered_change(stored_);
    change.prior = held.prior;
    change.time = held.time;
    bytes_ -= buffered_change_size(key, stored_);
  } else {
    change.prior = change.before;
    order_.emplace(change.time, key);
  }
  new_value_.clear();
  append_buffered_change(record, change, new_value_);
  bytes_ += buffered_change_size(key, new_value_);
  host_.put(key, new_value_);
}

void ChangeBuffer::evict_while(absl::FunctionRef<bool()> due, Visitor visit) {
  follow();
  while (!order_.empty() && due()) {
    const Bytes& key = order_.begin()->second;
    host_.get(key, stored_);
    visit(key, read_buffered_change(stored_));
    bytes_ -= buffered_change_size(key, stored_);
    host_.put(key, std::nullopt);
    order_.erase(order_.begin());
  }
}

std::optional<Timestamp> ChangeBuffer::earliest() {
  follow();
  return order_.empty() ? std::nullopt : std::optional(order_.begin()->first);
}

std::size_t ChangeBuffer::size() {
  follow();
  return order_.size();
}

std::size_t ChangeBuffer::bytes() {
  follow();
  return bytes_;
}

bool ChangeBuffer::get_prior(BytesView key, NullableBytes& out) {
  if (!host_.get(key, looked_up_)) return false;
  const NullableView prior = read_buffered_change(looked_up_).prior;
  out = prior ? NullableBytes(*prior) : std::nullopt;
  return true;
}

}  // namespace levada
