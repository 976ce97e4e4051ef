#include "api/commands/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"

namespace parley {
namespace {

std::vector<std::string> list_of(const std::set<std::string>& words) { return {words.begin(), words.end()}; }

// A game or strategy may be named by its path.
std::string stem(const std::string& name) { return std::filesystem::path(name).stem().string(); }

std::string first_part(const std::string& name) { return name.substr(0, name.find('.')); }

std::string seats_text(const std::set<std::string>& seats, const std::vector<std::string>& all) {
  constexpr size_t kMost = 8;  // to be named one by one
  if (seats.size() > 2 && seats.size() == all.size()) return fmt::format("all {} players", all.size());
  if (seats.size() > kMost) return fmt::format("{} of {} players", seats.size(), all.size());
  std::vector<std::string> in_order;
  for (const std::string& seat : all) {
    if (seats.contains(seat)) in_order.push_back(seat);
  }
  return in_order.size() == seats.size() ? joined(in_order) : joined(list_of(seats));
}

void add_once(std::vector<std::string>& list, const std::string& what) {
  if (list.size() < 3 && std::find(list.begin(), list.end(), what) == list.end()) list.push_back(what);
}

// A set of labels has no order: which label stands for which action is balanced over blocks.
std::string labels_text(const Value& may_be) {
  if (may_be.is_nil()) return "text";
  ActionSet set = ActionSet::from(may_be);
  std::sort(set.items.begin(), set.items.end());
  return set.kind == ActionSet::Kind::words ? "text" : describe(set);
}

}  // namespace

void Complaints::add(std::vector<std::string>& list, const std::string& what) {
  if (std::find(list.begin(), list.end(), what) == list.end()) list.push_back(what);
}

void Findings::add(const Match& match, const std::vector<std::vector<Question>>& batches) {
  Transcript transcript = match.transcript();
  transcript.spell_out();
  GameFindings& game = games[stem(match.plan().condition->rules.game)];
  // Among strangers a seat is told of by its role in the pair.
  const bool strangers = match.plan().condition->rules.strangers();
  auto seat_name = [&](size_t seat) { return strangers ? transcript.roles[seat] : transcript.seats[seat]; };
  for (size_t seat = 0; seat < transcript.seats.size(); ++seat) game.seats.insert(seat_name(seat));
  if (strangers) game.strangers.insert(transcript.seats.size());
  auto names = [&](const Value& seats) {
    std::set<std::string> out;
    for (const Value& seat : seats.list()) out.insert(seat_name(static_cast<size_t>(seat.number()) - 1));
    return out;
  };
  for (const Event& e : transcript.events) {
    if (e.kind == Event::round || e.kind == Event::pay || e.kind == Event::note) continue;
    const std::string& name = transcript.name_of(e);
    if (e.kind != Event::done && std::find(game.order.begin(), game.order.end(), name) == game.order.end())
      game.order.push_back(name);
    Value seen = e.seen > 0 ? transcript.seen_by(e) : Value();
    if (e.kind == Event::choice || e.kind == Event::missing) {
      GameFindings::Decision& decision = game.decisions[name];
      const std::string owner = seat_name(static_cast<size_t>(e.seat) - 1);
      decision.by.insert(owner);
      if (e.set >= 0) add_once(decision.sets, describe(*transcript.words->sets[static_cast<size_t>(e.set)]));
      if (seen.is_nil()) {
        decision.all = true;
      } else {
        std::set<std::string> viewers = names(seen);
        viewers.erase(owner);
        decision.most = std::max(decision.most, viewers.size());
        decision.viewers.merge(viewers);
      }
      continue;
    }
    GameFindings::Telling& telling = e.kind == Event::done ? game.done[name] : game.tellings[name];
    if (seen.is_nil() || seen.list().size() == transcript.seats.size()) telling.all = true;
    if (!seen.is_nil()) telling.most = std::max(telling.most, seen.list().size());
    if (!seen.is_nil()) telling.to.merge(names(seen));
    if (e.kind == Event::told) {
      const Value facts = transcript.value_of(e);
      for (const auto& [fact, value] : facts.is_record() ? facts.record() : Value::Record{}) telling.facts.insert(fact);
    }
  }
  for (const std::vector<Question>& batch : batches) {
    std::map<std::string, std::set<int>> together;
    for (const Question& question : batch) {
      const Request& request = question.request;
      together[request.about.decision].insert(question.place.seat);
      const std::string strategy =
          stem(match.plan().lineup->players[static_cast<size_t>(question.place.seat) - 1].strategy);
      asked_[strategy].insert(request.about.question);
      AskFindings& ask = asks[{strategy, request.about.question, request.about.decision, mode_name(request.read)}];
      ++ask.times;
      for (const Message& message : request.messages) ask.characters += message.text.size();
      ask.characters += request.cue.size();
      add_once(ask.sets, labels_text(request.about.actions));
    }
    for (const auto& [decision, seats] : together) {
      if (seats.size() > 1) game.decisions[decision].at_once = true;
    }
  }
}

std::vector<std::string> Findings::unused(const PromptFile& file, const std::set<std::string>& named,
                                          const std::set<std::string>* roles,
                                          const std::vector<const PromptFile*>& covers) const {
  std::set<std::string> phrases;
  for (const auto& [name, section] : file.sections) phrases.merge(section.phrases());
  for (const PromptFile* cover : covers) {
    for (const auto& [name, section] : cover->sections) phrases.merge(section.phrases());
  }
  std::vector<std::string> out;
  for (const auto& [name, line] : file.lines) {
    std::string base = first_part(name), rest = name.size() > base.size() ? name.substr(base.size() + 1) : "";
    bool engine = base == "rules" || base == "history" || base == "cue";
    if (rest == "seen" || rest.starts_with("seen.")) rest = rest.size() > 4 ? rest.substr(5) : "";
    if (!engine && !named.contains(base) && !phrases.contains(base)) {
      out.push_back(fmt::format("{}:{}: nothing asks for the section '{}'{}", file.path, line, name,
                                did_you_mean(base, list_of(named))));
    } else if (roles && !rest.empty() && rest != "observer" && !roles->contains(rest)) {
      out.push_back(fmt::format("{}:{}: the section '{}' is for a role '{}', and there is no such seat{}", file.path,
                                line, name, rest, did_you_mean(rest, list_of(*roles))));
    }
  }
  return out;
}

void Findings::unused_of_game(const GameSetup& setup, const std::vector<const PromptFile*>& covers,
                              Complaints& complaints) const {
  if (!setup.prompts || setup.prompts_name == "matrix") return;  // matrix is nobody's own
  std::set<std::string> named, roles;
  if (auto game = games.find(setup.name); game != games.end()) {
    for (const auto& [name, decision] : game->second.decisions) named.insert(name);
    for (const auto& [name, telling] : game->second.tellings) named.insert(name);
    roles = game->second.seats;
  }
  for (const std::string& what : unused(*setup.prompts, named, &roles, covers)) complaints.error(what);
}

bool Findings::any_unused_of_game(const GameSetup& setup, const std::vector<const PromptFile*>& covers) const {
  Complaints found;
  unused_of_game(setup, covers, found);
  return !found.errors().empty();
}

void Findings::unused_of_strategy(const Strategy& strategy, const std::vector<const PromptFile*>& covers,
                                  Complaints& complaints) const {
  if (!strategy.prompts) return;
  auto asked = asked_.find(strategy.info.name);
  for (const std::string& what :
       unused(*strategy.prompts, asked == asked_.end() ? std::set<std::string>() : asked->second, nullptr, covers)) {
    complaints.error(what);
  }
}

void Findings::untold(const GameSetup& setup, Library& library, Complaints& complaints) const {
  auto game = games.find(setup.name);
  if (!setup.prompts || game == games.end()) return;
  for (const auto& [name, decision] : game->second.decisions) {
    if (!decision.all && decision.viewers.empty()) continue;
    const size_t slash = name.find('/');  // words of another file
    const PromptFile* words = slash == std::string::npos ? setup.prompts : library.file(name.substr(0, slash));
    const std::string seen = name.substr(slash + 1) + ".seen";
    bool told = words && std::any_of(words->sections.begin(), words->sections.end(), [&](const auto& section) {
                  return section.first == seen || section.first.starts_with(seen + ".");
                });
    for (const auto& [section, text] : setup.prompts->sections) {
      for (const std::string& hole : text.holes()) {
        const std::string_view of =
            hole.starts_with("now.") ? std::string_view(hole).substr(4) : std::string_view(hole);
        told = told || of == name || of.starts_with(name + ".");
      }
    }
    if (!told) {
      complaints.warning(fmt::format(
          "{}: others see the choice '{}', and no section tells it: neither '{}.seen' nor a hole {{{{{}.…}}}}",
          setup.prompts->path, name, name, name));
    }
  }
}

void Findings::unended(const GameSetup& setup, Complaints& complaints) const {
  auto game = games.find(setup.name);
  if (!setup.prompts || game == games.end()) return;
  for (const auto& [name, line] : setup.prompts->lines) {
    const std::string base = first_part(name), rest = name.size() > base.size() ? name.substr(base.size() + 1) : "";
    const bool seen = (rest == "seen" || rest.starts_with("seen.")) && game->second.decisions.contains(base);
    const bool shown = base == "rules" || base == "history" || seen || game->second.tellings.contains(base);
    if (!shown || (!rest.empty() && !seen && !game->second.seats.contains(rest))) continue;
    std::string text = setup.prompts->texts.at(name);
    if (text.empty()) continue;
    // A last line that is one tag of a section goes with its newline: the line before it ends the text.
    for (size_t at = text.rfind('\n') + 1; at > 0 && text.compare(at, 2, "{{") == 0; at = text.rfind('\n') + 1) {
      const bool tag = text.size() > at + 2 && std::string_view("/#^!").find(text[at + 2]) != std::string_view::npos;
      if (!tag || text.find("}}", at) + 2 != text.size()) break;
      text.resize(at);
      if (text.ends_with("\n")) break;
    }
    if (text.ends_with("\n")) continue;
    complaints.warning(
        fmt::format("{}:{}: the section '{}' does not end its line, and what comes next goes on in it: end it with a "
                    "blank line, or the file with a comment",
                    setup.prompts->path, line, name));
  }
}

void Findings::white_space(const Question& question, const std::string& strategy, Complaints& complaints) {
  const Request& request = question.request;
  if (request.read != ReadMode::scored) return;
  std::string end = request.cue.empty() ? request.messages.back().text : request.cue;
  if (end.empty() || std::string_view(" \t\n").find(end.back()) == std::string_view::npos) return;
  std::string shown;
  for (char c : end.substr(end.size() > 20 ? end.size() - 20 : 0)) shown += c == '\n' ? "\\n" : std::string(1, c);
  complaints.warning(
      fmt::format("strategy '{}': the question '{}' for '{}' is scored and ends in white space (\"...{}\"): a model "
                  "goes on best from a "
                  "word, and `== cue` is how an answer begins",
                  strategy, request.about.question, request.about.decision, shown));
}

std::string sets_text(const std::vector<std::string>& sets) {
  if (sets.size() < 3) return joined(sets, " or else ");
  return fmt::format("{}, {} and others", sets[0], sets[1]);
}

std::vector<std::pair<std::string, std::string>> who_sees_what(const GameFindings& game, const GameSetup& setup) {
  std::vector<std::pair<std::string, std::string>> out;
  std::vector<std::string> seats = setup.seats;
  if (game.seats.size() > seats.size()) {  // the game is for any number, and more of them played
    seats = list_of(game.seats);
    std::stable_sort(seats.begin(), seats.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  }
  const std::string everyone = game.strangers.empty() ? "everyone" : "both of a pair";
  for (const std::string& name : game.order) {
    if (auto found = game.decisions.find(name); found != game.decisions.end()) {
      const GameFindings::Decision& decision = found->second;
      std::string seen = decision.all               ? everyone
                         : decision.viewers.empty() ? "nobody else"
                                                    : seats_text(decision.viewers, seats);
      if (!decision.all && decision.most < decision.viewers.size()) {
        seen = decision.most == 1 ? fmt::format("one of {} each time", seen)
                                  : fmt::format("up to {} of {} each time", decision.most, seen);
      }
      std::string line = fmt::format("chosen by {}{} out of {}; seen by {}", seats_text(decision.by, seats),
                                     decision.at_once ? " at the same time" : "", sets_text(decision.sets), seen);
      if (auto done = game.done.find(name); done != game.done.end()) {
        line += fmt::format("; what was done is seen by {}",
                            done->second.all ? "everyone" : seats_text(done->second.to, seats));
      }
      out.emplace_back(name, std::move(line));
    }
    if (auto found = game.tellings.find(name); found != game.tellings.end()) {
      const GameFindings::Telling& telling = found->second;
      std::string to = telling.all ? "everyone" : seats_text(telling.to, seats);
      if (telling.most == 1 && telling.to.size() > 1) to = "each alone of " + to;
      out.emplace_back(name, fmt::format("told to {}{}{}", to, telling.facts.empty() ? "" : ": ",
                                         joined(list_of(telling.facts), ", ")));
    }
  }
  for (size_t players : game.strangers)
    out.emplace_back("strangers",
                     fmt::format("{} players meet in {} pairs, drawn anew each round: each pair sees its own "
                                 "choices and payoffs, nobody those of another",
                                 players, players / 2));
  out.emplace_back("payoffs", setup.by_payoffs ? "seen by " + everyone : "seen by who gets them");
  return out;
}

}  // namespace parley
