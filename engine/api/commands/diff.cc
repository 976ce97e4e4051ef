// parley diff STUDY A B: what two conditions' prompts differ in.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "api/commands/commands.h"
#include "api/commands/one_match.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"

namespace parley::commands {
namespace {

// A question as it was put.
struct Put {
  std::string seat, question;
  int round = 0, nth = 0;  // nth: of this question in this round
  std::vector<std::string> lines;

  auto key() const { return std::tuple(seat, round, question, nth); }
};

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// The conditions whose names have all words of what was said; or the one of that number.
std::vector<size_t> conditions_of(const Design& design, const std::string& said) {
  std::vector<size_t> out;
  std::vector<std::string> names;
  const std::vector<std::string> wanted = words_of(said);
  for (size_t c = 0; c < design.conditions().size(); ++c) {
    const std::string& name = design.conditions()[c]->name;
    const std::vector<std::string> has = words_of(name);
    names.push_back(name);
    names.insert(names.end(), has.begin(), has.end());
    if (said == std::to_string(c + 1) || said == name) return {c};
    if (std::all_of(wanted.begin(), wanted.end(),
                    [&](const std::string& word) { return std::find(has.begin(), has.end(), word) != has.end(); })) {
      out.push_back(c);
    }
  }
  if (out.empty()) {
    throw Misuse(fmt::format("no condition is '{}'{}: say its number or some of its name, as `parley list` has it",
                             said, did_you_mean(said, names)));
  }
  return out;
}

// The two that are alike in all but what was said.
std::pair<size_t, size_t> pair_of(const Design& design, const std::string& a, const std::string& b) {
  const std::vector<size_t> of_a = conditions_of(design, a), of_b = conditions_of(design, b);
  std::pair<size_t, size_t> best{of_a[0], of_b[0]};
  int most = -1;
  for (size_t i : of_a) {
    for (size_t j : of_b) {
      int alike = 0;
      const Value &x = design.conditions()[i]->levels, &y = design.conditions()[j]->levels;
      for (const auto& [factor, level] : x.record()) alike += y[factor] == level ? 1 : 0;
      if (i != j && alike > most) most = alike, best = {i, j};
    }
  }
  if (most < 0) throw Misuse(fmt::format("'{}' and '{}' are one condition", a, b));
  return best;
}

// Which line-ups of two conditions are compared: the first in which somebody is asked in both.
size_t lineup_of(const Design& design, size_t a, size_t b) {
  const auto of_a = design.lineups(a), of_b = design.lineups(b);
  auto asks = [](const Lineup& lineup) {
    return std::any_of(lineup.players.begin(), lineup.players.end(), [](const Player& p) { return !p.model.empty(); });
  };
  for (size_t l = 0; l < std::min(of_a.size(), of_b.size()); ++l) {
    if (asks(*of_a[l]) && asks(*of_b[l])) return l;
  }
  throw Error("nobody is asked anything in these conditions");
}

std::shared_ptr<const Plan> plan_of(const Design& design, size_t condition, size_t lineup) {
  for (uint64_t i = 0; i < design.size(); ++i) {
    const Design::Where where = design.where(i);
    if (where.condition == condition && where.lineup == lineup && where.block == 1) return design.at(i);
  }
  throw std::logic_error("a condition without matches");
}

// All that is asked in a match whose answers are the same, place by place, whatever the condition.
std::vector<Put> questions(Workspace& workspace, std::shared_ptr<const Plan> plan) {
  std::unique_ptr<Model> random = open_model("scripted:random");
  std::vector<Put> out;
  std::map<std::tuple<std::string, int, std::string>, int> nth;
  Match match(workspace.scripts(), std::move(plan));
  play_through(match, [&](const Question& question) {
    const Request::About& about = question.request.about;
    if (question.place.sample == 1) {
      Put put{about.seat, about.question, about.round, ++nth[{about.seat, about.round, about.question}], {}};
      for (const Message& message : question.request.messages) {
        if (message.role != "text") put.lines.push_back("-- " + message.role);
        for (size_t at = 0; at <= message.text.size();) {
          const size_t end = std::min(message.text.find('\n', at), message.text.size());
          put.lines.push_back(message.text.substr(at, end - at));
          at = end + 1;
        }
      }
      if (!question.request.cue.empty()) put.lines.push_back(question.request.cue);
      out.push_back(std::move(put));
    }
    Request request = question.request;
    request.read = request.read == ReadMode::scored ? ReadMode::constrained : request.read;  // by place, not by prompt
    const Hash place = hash_of(fmt::format("{} {} {}", about.seat, about.decision, about.round));
    request.draw = std::stoull(place.substr(0, 16), nullptr, 16);
    Reply reply = ask(*random, request);
    if (question.request.read == ReadMode::scored) {
      for (const std::string& label : request.labels) reply.scores.push_back(label == reply.text ? -0.1 : -9.0);
      reply.text.clear();
    }
    return reply;
  });
  return out;
}

// Lines of a that are not in b, and the other way round, by their longest common subsequence.
std::pair<std::vector<std::string>, std::vector<std::string>> differing(const std::vector<std::string>& a,
                                                                        const std::vector<std::string>& b) {
  std::vector<std::vector<int>> common(a.size() + 1, std::vector<int>(b.size() + 1, 0));
  for (size_t i = a.size(); i-- > 0;) {
    for (size_t j = b.size(); j-- > 0;)
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  }
  std::pair<std::vector<std::string>, std::vector<std::string>> out;
  for (size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i, ++j;
    } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
      out.first.push_back(a[i++]);
    } else {
      out.second.push_back(b[j++]);
    }
  }
  return out;
}

// A line without its numbers: what it says in every round.
std::string shape(const std::string& line) {
  std::string out;
  for (char c : line) {
    if (c < '0' || c > '9') {
      out += c;
    } else if (out.empty() || out.back() != '#') {
      out += '#';
    }
  }
  return out;
}

// A question that the other condition has not: what it says beside what that seat is asked there in that round.
std::vector<std::string> alone(const Put& put, const std::vector<Put>& there) {
  std::vector<std::string> out = {fmt::format("[asked here alone: '{}']", put.question)};
  auto at = std::find_if(there.begin(), there.end(),
                         [&](const Put& p) { return p.seat == put.seat && p.round == put.round; });
  const auto lines = at == there.end() ? put.lines : differing(at->lines, put.lines).second;
  out.insert(out.end(), lines.begin(), lines.end());
  return out;
}

}  // namespace

int diff(const Args& args, Console& console) {
  StudyFiles files = study_files(args);
  if (files.lua.empty()) throw Misuse(fmt::format("diff takes the study's .lua, not '{}'", args.words[0]));
  Workspace workspace(args, console, files.lua);
  Design design = Design::make(workspace.study(files.lua), workspace.lookup(), overrides_of(args));
  const auto [a, b] = pair_of(design, args.words[1], args.words[2]);
  const size_t lineup = lineup_of(design, a, b);
  const auto plan_a = plan_of(design, a, lineup), plan_b = plan_of(design, b, lineup);
  const std::vector<Put> of_a = questions(workspace, plan_a), of_b = questions(workspace, plan_b);

  std::map<decltype(of_a[0].key()), const Put*> other;
  for (const Put& put : of_b) other.emplace(put.key(), &put);
  std::set<std::string> told;  // shapes of lines
  Value::List all;
  size_t compared = 0, differ = 0;
  auto fresh = [&](std::vector<std::string> lines, char sign) {
    std::erase_if(lines, [&](const std::string& line) { return !told.insert(sign + shape(line)).second; });
    return lines;
  };
  auto tell = [&](const Put& put, const std::vector<std::string>& less, const std::vector<std::string>& more) {
    if (less.empty() && more.empty()) return;
    all.push_back(Value::Record{{"seat", put.seat},
                                {"round", put.round},
                                {"question", put.question},
                                {"a", Value::List(less.begin(), less.end())},
                                {"b", Value::List(more.begin(), more.end())}});
    if (args.has("--json")) return;
    console.out(console.bold(fmt::format("{}, round {}, '{}'", put.seat, put.round, put.question)) + "\n");
    for (const std::string& line : less) console.out("- " + line + "\n");
    for (const std::string& line : more) console.out("+ " + line + "\n");
  };

  const std::string &name_a = design.conditions()[a]->name, &name_b = design.conditions()[b]->name;
  if (!args.has("--json")) console.out(fmt::format("- {}\n+ {}\n\n", name_a, name_b));
  for (const Put& put : of_a) {
    auto at = other.find(put.key());
    if (at == other.end()) {
      tell(put, fresh(alone(put, of_b), '-'), {});
      continue;
    }
    ++compared;
    if (put.lines == at->second->lines) continue;
    ++differ;
    auto [less, more] = differing(put.lines, at->second->lines);
    tell(put, fresh(std::move(less), '-'), fresh(std::move(more), '+'));
  }
  std::set<decltype(of_a[0].key())> known;
  for (const Put& put : of_a) known.insert(put.key());
  for (const Put& put : of_b) {
    if (!known.contains(put.key())) tell(put, {}, fresh(alone(put, of_a), '+'));
  }
  if (args.has("--json")) {
    console.out(to_json(Value::Record{{"a", name_a}, {"b", name_b}, {"differences", std::move(all)}}) + "\n");
    return 0;
  }
  console.out(fmt::format("{}Asked in both: {}; {} of them the same{}.\n", all.empty() ? "" : "\n",
                          counted(static_cast<double>(compared), "question", "questions"), compared - differ,
                          all.empty() ? "" : ". Each line that differs is shown where it first stands"));
  return 0;
}

}  // namespace parley::commands
