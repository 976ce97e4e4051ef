#include "api/commands/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.h"

namespace parley {
namespace {

using Part = RoundStory::Part;
using Item = RoundStory::Item;

// A part before it is put together with others.
struct Seen {
  Item::Kind kind;
  std::string name;
  Part part;
  std::optional<std::set<int>> by;  // who else sees it, or who is told; none: everyone
  bool of_choice = true;            // whether the choice itself was seen, and not only what was done
};

class Teller {
 public:
  Teller(const Transcript& transcript, bool one_saw_it) : t_(transcript), one_saw_it_(one_saw_it) {}

  std::vector<RoundStory> tell(size_t from) {
    for (size_t i = from; i < t_.events.size(); ++i) take(t_.events[i], i);
    end_round(t_.last_closed, t_.events.size());
    return std::move(out_);
  }

 private:
  void take(const Event& e, size_t at) {
    if (e.kind == Event::round) {
      end_round(true, at);
      open_ = false;
      if (e.number > 0) begin_round(static_cast<int>(e.number), at);
      return;
    }
    if (!open_) begin_round(0, at);  // told before the first
    switch (e.kind) {
      case Event::choice:
      case Event::missing:
        // What fixed rules, which have no words, do not say is not worth a line.
        if (t_.questions.empty() && t_.value_of(e) == Value("")) break;
        seen_.push_back(
            {kind_of(e), t_.name_of(e), {e.seat, t_.value_of(e), {}, false, e.kind == Event::missing, at}, others(e)});
        break;
      case Event::done:
        done(e, at);
        break;
      case Event::told:
        told(e, at);
        break;
      case Event::pay:
        out_.back().paid[e.seat] += e.number;
        break;
      case Event::note:
        out_.back().notes.emplace_back(t_.name_of(e), t_.value_of(e));
        break;
      default:
        break;
    }
  }

  void begin_round(int number, size_t at) {
    RoundStory& round = out_.emplace_back();
    round.number = number;
    round.begin = at;
    open_ = true;
  }

  Item::Kind kind_of(const Event& e) const {
    const ActionSet* set = t_.set_of(e);
    if (!set) return Item::choice;
    const bool says = set->kind == ActionSet::Kind::words ||
                      std::any_of(set->fields.begin(), set->fields.end(),
                                  [](const auto& field) { return field.second.kind == ActionSet::Kind::words; });
    return says ? Item::speech : Item::choice;
  }

  std::set<int> listed(const Event& e) const {
    std::set<int> out;
    for (const Value& seat : t_.seen_by(e).list()) out.insert(static_cast<int>(seat.number()));
    return out;
  }

  std::optional<std::set<int>> others(const Event& e) const {
    if (e.seen == 0 || !t_.roles.empty()) return std::nullopt;
    std::set<int> out = listed(e);
    out.erase(e.seat);
    if (out.size() + 1 == t_.seats.size()) return std::nullopt;
    return out;
  }

  // Belongs to the choice before it: who sees it sees that. In a view that lacks the choice it stands by itself.
  void done(const Event& e, size_t at) {
    auto chosen = std::find_if(seen_.rbegin(), seen_.rend(), [&](const Seen& s) {
      return s.kind != Item::told && s.of_choice && s.part.seat == e.seat && s.name == t_.name_of(e);
    });
    if (chosen == seen_.rend()) {
      const auto like = std::find_if(t_.events.begin(), t_.events.end(), [&](const Event& other) {
        return t_.set_of(other) && t_.name_of(other) == t_.name_of(e);
      });
      const Item::Kind kind = like == t_.events.end() ? Item::choice : kind_of(*like);
      seen_.push_back({kind, t_.name_of(e), {e.seat, t_.value_of(e), {}, false, false, at}, others(e), false});
      return;
    }
    Part& part = chosen->part;
    const Value meant = part.meant.is_nil() ? part.value : part.meant;
    part.value = t_.value_of(e);
    part.meant = part.value == meant ? Value() : meant;
    part.secretly = part.secretly || chosen->by.has_value();
    chosen->by = others(e);
  }

  void told(const Event& e, size_t at) {
    std::optional<std::set<int>> to = listed(e);
    if (to->empty()) return;
    const int alone = to->size() == 1 ? *to->begin() : 0;
    if (to->size() == t_.seats.size()) to.reset();
    seen_.push_back({Item::told, t_.name_of(e), {alone, t_.value_of(e), {}, false, false, at}, std::move(to)});
  }

  // "row", "row and column", "12 of 100"; --json has all of them.
  std::string listing(const std::set<int>& seats) const {
    constexpr size_t kMost = 8;  // to be named one by one
    if (seats.size() > kMost) return fmt::format("{} of {}", seats.size(), t_.seats.size());
    std::vector<std::string> out;
    for (int seat : seats) out.push_back(t_.seats[static_cast<size_t>(seat) - 1]);
    return joined(out);
  }

  std::string names(const std::set<int>& seats) const {
    std::set<int> rest;
    for (int seat = 1; seat <= static_cast<int>(t_.seats.size()); ++seat) {
      if (!seats.contains(seat)) rest.insert(seat);
    }
    return rest.size() * 4 <= t_.seats.size() && rest.size() <= 3 ? "all but " + listing(rest)
                                                                  : listing(seats) + " alone";
  }

  // Puts together what goes together, in order.
  void end_round(bool closed, size_t end) {
    if (out_.empty() || !open_) return;
    RoundStory& round = out_.back();
    round.closed = closed;
    round.end = end;
    for (size_t i = 0; i < seen_.size();) {
      const Seen& first = seen_[i];
      Item item{first.kind, first.name, "", {}};
      std::set<int> seats;
      // Those who see it: beside each its own others, or all of one circle.
      bool same_others = true, same_circle = true;
      for (; i < seen_.size(); ++i) {
        const Seen& next = seen_[i];
        if (next.kind != item.kind || next.name != item.name || seats.contains(next.part.seat)) break;
        if (!item.parts.empty()) {
          if (item.kind == Item::speech || (item.kind == Item::told && (next.part.seat == 0 || seats.contains(0))))
            break;
          const bool others = same_others && next.by == first.by;
          const bool circle = same_circle && circle_of(next) == circle_of(first);
          if (item.kind == Item::choice && !others && !circle) break;
          same_others = others;
          same_circle = circle;
        }
        seats.insert(next.part.seat);
        item.parts.push_back(next.part);
      }
      if (item.kind == Item::told) {
        item.audience = one_saw_it_             ? "told"
                        : item.parts.size() > 1 ? "told each alone"
                        : first.by              ? "told " + names(*first.by)
                                                : "told all";
      } else if (!t_.roles.empty()) {
        item.audience = "each pair sees its own";
      } else if (first.by) {
        item.audience = !same_others        ? "among " + listing(*circle_of(first))
                        : first.by->empty() ? "nobody else sees"
                                            : "to " + names(*first.by);
      }
      round.items.push_back(std::move(item));
    }
    seen_.clear();
  }

  static std::optional<std::set<int>> circle_of(const Seen& seen) {
    std::optional<std::set<int>> out = seen.by;
    if (out) out->insert(seen.part.seat);
    return out;
  }

  const Transcript& t_;
  const bool one_saw_it_;
  std::vector<RoundStory> out_;
  std::vector<Seen> seen_;  // of the round under way
  bool open_ = false;       // whether one is
};

}  // namespace

bool RoundStory::like(const RoundStory& other) const {
  auto same_part = [](const Part& a, const Part& b) {
    return a.seat == b.seat && a.value == b.value && a.meant == b.meant && a.secretly == b.secretly &&
           a.missing == b.missing;
  };
  auto same_item = [&](const Item& a, const Item& b) {
    return a.kind == b.kind && a.name == b.name && a.audience == b.audience &&
           std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(), same_part);
  };
  return paid == other.paid && notes == other.notes && closed == other.closed &&
         std::equal(items.begin(), items.end(), other.items.begin(), other.items.end(), same_item);
}

std::vector<RoundStory> rounds_of(const Transcript& transcript, size_t from, bool one_saw_it) {
  return Teller(transcript, one_saw_it).tell(from);
}

std::vector<std::string> amounts_list(const std::vector<std::string>& seats, const std::map<int, double>& amounts) {
  // Of many the amount that most were paid is said once.
  std::map<double, size_t> counts;
  for (const auto& [seat, amount] : amounts) ++counts[amount];
  auto most = std::max_element(counts.begin(), counts.end(), [](auto& a, auto& b) { return a.second < b.second; });
  const bool short_form = amounts.size() > 3 && amounts.size() == seats.size() && most->second * 2 > amounts.size();
  std::vector<std::string> out;
  for (const auto& [seat, amount] : amounts) {
    if (!short_form || amount != most->first)
      out.push_back(fmt::format("{} {}", seats[static_cast<size_t>(seat) - 1], number_text(amount)));
  }
  if (short_form) out.push_back(fmt::format("{} {}", out.empty() ? "all" : "all others", number_text(most->first)));
  return out;
}

std::string amounts_text(const std::vector<std::string>& seats, const std::map<int, double>& amounts) {
  return joined(amounts_list(seats, amounts), ", ");
}

std::string shown(const Value& value) {
  return value.is_record() ? fmt::format("({})", value_text(value)) : value_text(value);
}

std::string shown(const RoundStory::Part& part) {
  std::string out = shown(part.value);
  if (!part.meant.is_nil()) out += fmt::format(" ({}meant {})", part.secretly ? "secretly " : "", shown(part.meant));
  if (part.missing) out += " (in place of a missing answer)";
  return out;
}

}  // namespace parley
