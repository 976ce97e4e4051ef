#include "report/export/choices.h"

#include <algorithm>
#include <map>

#include "base/json.h"

namespace parley {
namespace {

struct Choice {
  int round = 0, number = 1;
  Value action, done;
};

// What a seat chose in a decision.
struct Track {
  int seat = 0;
  Value seat_name, player, strategy, model;
  std::string decision;
  Value payoffs;  // list by round, or nil
  std::vector<Choice> choices;
};

Value json_or_nil(const Value& text) { return text.is_nil() ? Value() : from_json(text.string()); }

// What was done in the last choice before a round.
Value last_before(const Track& track, int round) {
  auto at = std::partition_point(track.choices.begin(), track.choices.end(),
                                 [&](const Choice& c) { return c.round < round; });
  return at == track.choices.begin() ? Value() : std::prev(at)->done;
}

std::vector<Track> tracks_of(const Store& store, int64_t match) {
  std::map<double, std::vector<Value>> names;  // of lists, by row
  auto name_of = [&](const Value& set, const Value& value) {
    if (!value.is_number() || !set.is_number()) return value;
    auto [at, fresh] = names.try_emplace(set.number());
    if (fresh) {
      for (const auto& r : store.query("SELECT name FROM action WHERE action_set = ?1 ORDER BY number", {set}))
        at->second.push_back(r[0]);
    }
    auto index = static_cast<size_t>(value.number());
    return index < at->second.size() ? at->second[index] : value;
  };
  std::vector<Track> tracks;
  store.query(
      "SELECT k.seat, s.name, p.name, p.strategy, p.model, k.decision, k.action_set, k.action_sets, k.actions, k.done, "
      "k.rounds, s.payoffs FROM choices k JOIN match m ON m.id = k.match JOIN seat s ON s.match = k.match AND "
      "s.seat = k.seat LEFT JOIN player p ON p.lineup = m.lineup AND p.seat = k.seat WHERE k.match = ?1 "
      "ORDER BY k.seat, k.decision",
      {match}, [&](const Store::Row& r) {
        Track track{static_cast<int>(r[0].number()), r[1], r[2], r[3], r[4], r[5].string(), json_or_nil(r[11]), {}};
        Value actions = json_or_nil(r[8]), done = json_or_nil(r[9]), rounds = json_or_nil(r[10]),
              sets = json_or_nil(r[7]);
        for (size_t i = 0; i < actions.list().size(); ++i) {
          const Value& set = sets.is_list() ? sets.list()[i] : r[6];
          Choice choice;
          choice.round = rounds.is_list() ? static_cast<int>(rounds.list()[i].number()) : static_cast<int>(i) + 1;
          if (i > 0 && track.choices.back().round == choice.round) choice.number = track.choices.back().number + 1;
          choice.action = name_of(set, actions.list()[i]);
          choice.done = done.is_list() ? name_of(set, done.list()[i]) : choice.action;
          track.choices.push_back(std::move(choice));
        }
        tracks.push_back(std::move(track));
      });
  return tracks;
}

}  // namespace

void each_choice(const Store& store, int64_t match, int seats,
                 const std::function<void(const std::vector<Value>&)>& row) {
  std::vector<Track> tracks = tracks_of(store, match);
  auto two = store.query("SELECT count(*) FROM seat WHERE match = ?1", {match})[0][0] == Value(2);
  // Whose last choice is looked at: the seat's track of the decision, else its only one.
  auto track_of = [&](int seat, const std::string& decision, bool or_only) -> const Track* {
    const Track* only = nullptr;
    int many = 0;
    for (const Track& t : tracks) {
      if (t.seat != seat) continue;
      if (t.decision == decision) return &t;
      only = &t;
      ++many;
    }
    return or_only && many == 1 ? only : nullptr;
  };
  std::vector<size_t> at(tracks.size());
  for (;;) {
    int round = -1;
    for (size_t k = 0; k < tracks.size(); ++k) {
      if (at[k] == tracks[k].choices.size()) continue;
      int next = tracks[k].choices[at[k]].round;
      if (round < 0 || next < round) round = next;
    }
    if (round < 0) return;
    for (size_t k = 0; k < tracks.size(); ++k) {
      const Track& t = tracks[k];
      for (; at[k] < t.choices.size() && t.choices[at[k]].round == round; ++at[k]) {
        const Choice& c = t.choices[at[k]];
        bool paid = t.payoffs.is_list() && round >= 1 && static_cast<size_t>(round) <= t.payoffs.list().size();
        const Track* other = two ? track_of(3 - t.seat, t.decision, true) : nullptr;
        std::vector<Value> values = {round,
                                     t.seat,
                                     t.seat_name,
                                     t.player,
                                     t.strategy,
                                     t.model,
                                     t.decision,
                                     c.number,
                                     c.action,
                                     c.done,
                                     c.action.is_nil(),
                                     paid ? t.payoffs.list()[static_cast<size_t>(round) - 1] : Value(),
                                     at[k] > 0 ? t.choices[at[k] - 1].done : Value(),
                                     other ? last_before(*other, round) : Value()};
        for (int seat = 1; seat <= seats && seats > 2; ++seat) {
          const Track* of = track_of(seat, t.decision, false);
          values.push_back(of ? last_before(*of, round) : Value());
        }
        row(values);
      }
    }
  }
}

}  // namespace parley
