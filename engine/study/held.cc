#include "study/held.h"

#include <fmt/format.h>

#include "base/error.h"

namespace parley {

std::optional<HeldMatch> HeldMatch::take_up(Store& store, Inputs& inputs, uint64_t number, const MatchState& state,
                                            const Plan& plan, const GameInfo& game, bool retry_void) {
  const int64_t now = inputs.of(plan);
  HeldMatch out(store, number);
  if (state.row != 0 && inputs.still_hold(state.inputs, now)) {
    if (state.status == MatchStatus::whole || (state.status == MatchStatus::void_ && !retry_void)) return std::nullopt;
    out.row_ = state.row;
    out.attempt_ = state.attempt;
    if (state.status == MatchStatus::void_) out.attempt_ = store.retry(state.row, store.unread(state.row));
    if (state.status == MatchStatus::failed) store.resume(state.row);
    out.kept_ = store.replies(state.row);
  } else {
    out.new_version_ = state.row != 0;
    out.row_ = store.begin(number, now, drawn_for(plan, game));
    if (out.new_version_) out.previous_ = store.previous_replies(out.row_);
  }
  return out;
}

std::optional<Reply> HeldMatch::reply(const Place& place, const Hash& request) {
  if (auto kept = kept_.find(place); kept != kept_.end()) {
    if (kept->second.request != request) {
      throw Error(
          fmt::format("match {}: seat {}'s question {} is not the one that {} holds a reply for, and no file has "
                      "changed: it was made by another parley. Take another --db",
                      number_, place.seat, place.n, store_->path()));
    }
    return kept->second.reply;
  }
  if (auto before = previous_.find({place, request}); before != previous_.end()) {
    store_->point(row_, place, before->second.answer);
    return before->second.reply;
  }
  return std::nullopt;
}

void HeldMatch::keep(const Place& place, const Hash& request, bool pure, const std::string& model, const Reply& reply) {
  if (!reply.failure || reply.failure->size == Failure::Size::request)
    store_->keep(row_, place, request, pure, model, reply);
}

}  // namespace parley
