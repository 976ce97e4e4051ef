#include "golden.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "base/file.h"
#include "base/json.h"

namespace parley::test {
namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> out(1);
  for (char c : text) {
    if (c == at) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

// At blanks that do not stand within quotes or brackets.
std::vector<std::string> split_words(const std::string& text) {
  std::vector<std::string> out(1);
  int depth = 0;
  bool quoted = false;
  for (char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '{' || c == '[')) ++depth;
    if (!quoted && (c == '}' || c == ']')) --depth;
    if (c == ' ' && !quoted && depth == 0) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

std::string trimmed(const std::string& text) {
  size_t from = text.find_first_not_of(" \n"), to = text.find_last_not_of(" \n");
  return from == std::string::npos ? "" : text.substr(from, to - from + 1);
}

Value word_or_json(const std::string& text) {
  return text.find_first_of("[{") == 0 ? from_json(text) : Value(text);
}

Value any_value(const std::string& text) {  // JSON, or a bare word
  try {
    return from_json(text);
  } catch (const Error&) {
    return text;
  }
}

// "J, F" or "accept=J, reject=F"
Value labels_from(const std::string& text) {
  Value::List list;
  Value::Record record;
  for (const std::string& part : split(text, ',')) {
    size_t at = part.find('=');
    if (at == std::string::npos) {
      list.push_back(trimmed(part));
    } else {
      record.emplace(trimmed(part.substr(0, at)), trimmed(part.substr(at + 1)));
    }
  }
  return record.empty() ? Value(list) : Value(record);
}

// A text after the name of what it is, every byte of it visible: a line each, blanks at its end as "␣".
void quote(std::string& out, const std::string& what, const std::vector<std::string>& lines) {
  std::string name = what;
  for (std::string line : lines) {
    size_t end = line.find_last_not_of(' ') + 1, blanks = line.size() - end;
    line.resize(end);
    while (blanks-- > 0) line += "␣";
    out += fmt::format("  {:<9} |{}{}\n", name, line.empty() ? "" : " ", line);
    name.clear();
  }
}

// What is sent, without what the seat was sent the time before: whole messages and whole lines of it are "…".
void quote_messages(std::string& out, const std::vector<Message>& now, const std::vector<Message>& before) {
  bool same = true;
  for (size_t i = 0; i < now.size(); ++i) {
    std::vector<std::string> lines = split(now[i].text, '\n');
    if (same && i < before.size() && before[i].role == now[i].role) {
      if (before[i] == now[i]) {
        quote(out, now[i].role, {"…"});
        continue;
      }
      std::vector<std::string> old = split(before[i].text, '\n');
      size_t equal = 0;
      while (equal + 1 < lines.size() && equal + 1 < old.size() && lines[equal] == old[equal]) ++equal;
      if (equal > 0) {
        lines.erase(lines.begin(), lines.begin() + static_cast<long>(equal));
        lines.insert(lines.begin(), "…");
      }
    }
    same = false;
    quote(out, now[i].role, lines);
  }
}

std::string decimals(double x) { return fmt::format("{:.3f}", x); }

}  // namespace

std::string in_words(const std::vector<std::string>& names) {
  std::string out;
  for (size_t i = 0; i < names.size(); ++i) out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return out;
}

Golden::Golden(const std::string& path) : path_(path) {
  rules_.settings = Value::Record{};
  std::string text = read_file(path);
  size_t cut = text.find("\n---\n");
  if (cut == std::string::npos) throw Error(path + ": no line '---' ends the head");
  head_ = text.substr(0, cut + 5);
  expected_ = text.substr(cut + 5);
  std::vector<std::string> lines = split(text.substr(0, cut), '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty() || lines[i][0] == '#') continue;
    size_t at = lines[i].find(": "), line = i + 1;
    if (at == std::string::npos && lines[i].back() == ':') at = lines[i].size() - 1;
    if (at == std::string::npos) throw Error(fmt::format("{}:{}: 'key: value' is wanted", path, line));
    std::string key = lines[i].substr(0, at), value = trimmed(lines[i].substr(at + 1));
    for (bool first = value.empty(); i + 1 < lines.size() && lines[i + 1].rfind("  |", 0) == 0; first = false) {
      ++i;
      value += (first ? "" : "\n") + (lines[i].size() > 4 ? lines[i].substr(4) : "");
    }
    try {
      take(key, value);
    } catch (const std::exception& e) {
      throw Error(fmt::format("{}:{}: {}", path, line, e.what()));
    }
  }
}

void Golden::take(const std::string& key, const std::string& value) {
  if (key == "about") return;
  if (key.rfind("file ", 0) == 0) {
    files_[key.substr(5)] = value + "\n";
  } else if (key.rfind("set ", 0) == 0) {
    rules_.settings = rules_.settings.with(key.substr(4), any_value(value));
  } else if (key.rfind("reply ", 0) == 0 || key.rfind("scores ", 0) == 0) {
    take_reply(key, value);
  } else if (key == "player") {
    std::vector<std::string> words = split_words(value);
    Player player;
    player.settings = Value::Record{};
    size_t at = words[0].find('@');
    player.name = player.strategy = words[0].substr(0, at);
    if (at != std::string::npos) player.model = player.model_identity = words[0].substr(at + 1);
    for (size_t i = 1; i < words.size(); ++i) {
      at = words[i].find('=');
      if (at == std::string::npos) throw Error("'" + words[i] + "': setting=value is wanted");
      std::string name = words[i].substr(0, at), given = words[i].substr(at + 1);
      if (name == "told") {
        player.told = split(given, ',');
      } else {
        player.settings = player.settings.with(name, any_value(given));
      }
    }
    players_.push_back(std::move(player));
  } else if (key == "told") {
    for (const std::string& name : split(value, ',')) told_.push_back(trimmed(name));
  } else if (key == "game") {
    rules_.game = value;
  } else if (key == "rounds") {
    rules_.rounds = std::stoi(value);
  } else if (key == "ends") {
    rules_.ends = std::stod(value);
  } else if (key == "horizon") {
    using Kind = Horizon::Kind;
    if (value == "told" || value == "hidden") {
      rules_.horizon = {value == "told" ? Kind::told : Kind::hidden, 0};
    } else {
      double x = std::stod(value);
      rules_.horizon = {x < 1 ? Kind::chance : Kind::rounds, x};
    }
  } else if (key == "cover") {
    rules_.cover = value;
  } else if (key == "unit") {
    rules_.unit = word_or_json(value);
  } else if (key == "format") {
    rules_.format = value;
  } else if (key == "read") {
    rules_.read = value;
  } else if (key == "decide") {
    rules_.decide = value;
  } else if (key == "labels") {
    rules_.labels = labels_from(value);
  } else if (key == "label_map") {
    rules_.label_map = word_or_json(value);
  } else if (key == "option_order") {
    rules_.option_order = word_or_json(value);
  } else if (key == "payoff_order") {
    rules_.payoff_order = word_or_json(value);
  } else if (key == "block") {
    block_ = static_cast<uint32_t>(std::stoul(value));
  } else if (key == "seed") {
    seed_ = std::stoull(value);
  } else {
    throw Error("there is no key '" + key + "'");
  }
}

// "reply row/choose: J", "reply row/choose (length): I think", "scores row/choose: J .6, F .3"
void Golden::take_reply(const std::string& key, std::string value) {
  std::string to = key.substr(key.find(' ') + 1);
  Written written;
  if (size_t at = to.find(" ("); at != std::string::npos) {
    std::string how = to.substr(at + 2, to.size() - at - 3);
    to.resize(at);
    std::map<std::string, Failure::Size> sizes = {
        {"again", Failure::Size::again}, {"request", Failure::Size::request}, {"model", Failure::Size::model}};
    if (sizes.contains(how)) {
      written.reply.failure = Failure{sizes[how], value};
      value.clear();
    } else {
      written.reply.finish = how;
    }
  }
  if (key.rfind("scores", 0) == 0) {
    for (const std::string& part : split(value, ',')) {
      std::string pair = trimmed(part);
      size_t at = pair.rfind(' ');
      if (at == std::string::npos) throw Error("'label probability, label probability' is wanted");
      written.scores[pair.substr(0, at)] = std::stod(pair.substr(at + 1));
    }
  } else {
    written.reply.text = value;
  }
  replies_[to].push_back(std::move(written));
}

Reply Golden::reply_to(const Question& question) const {
  const Request::About& about = question.request.about;
  std::string to = about.seat + "/" + about.question;
  auto found = replies_.find(to);
  auto turn = static_cast<size_t>(about.turn) - 1;
  if (found == replies_.end() || turn >= found->second.size()) {
    throw Error(fmt::format("{}: no reply number {} of '{}' is written, to: {}", path_, turn + 1, to,
                            question.request.messages.back().text));
  }
  const Written& written = found->second[turn];
  Reply reply = written.reply;
  if (question.request.read != ReadMode::scored) {
    if (!written.scores.empty()) throw Error(fmt::format("{}: '{}' has scores, and is not scored", path_, to));
    return reply;
  }
  if (reply.failure) return reply;
  for (const std::string& label : question.request.labels) {
    auto score = written.scores.find(label);
    if (score == written.scores.end()) throw Error(fmt::format("{}: '{}' has no score for the label '{}'", path_, to, label));
    reply.scores.push_back(std::log(score->second));
  }
  return reply;
}

// A play under way, and all that was asked in it.
struct Golden::Playing {
  struct Asked {
    Question question;
    Reply reply;
    size_t at;  // events before it
  };
  Match match;
  std::map<Place, Asked> asked;
  std::vector<Place> waiting;

  Playing(Scripts& scripts, std::shared_ptr<const Plan> plan) : match(scripts, std::move(plan)) {}

  void advance(const Golden& golden) {
    for (Question& question : match.advance()) {
      Place place = question.place;
      Reply reply = golden.reply_to(question);
      waiting.push_back(place);
      asked.emplace(place, Asked{std::move(question), std::move(reply), match.transcript().events.size()});
    }
  }

  void answer(bool last) {
    Place place = last ? waiting.back() : waiting.front();
    waiting.erase(last ? waiting.end() - 1 : waiting.begin());
    match.answer(place, asked.at(place).reply);
  }

  std::string printed() const;
  std::string printed(const Event& event) const;
  std::string printed(const Asked& one, const std::vector<Message>& before) const;
};

std::string Golden::Playing::printed(const Asked& one, const std::vector<Message>& before) const {
  const Transcript& t = match.transcript();
  const Place& place = one.question.place;
  const Request& request = one.question.request;
  const QuestionRecord* record = nullptr;
  for (const QuestionRecord& q : t.questions) {
    if (q.seat == place.seat && q.n == place.n && q.sample == place.sample) record = &q;
  }
  std::string out = fmt::format("{} is asked {} ({}.{}.{}; {}; {}", request.about.seat, request.about.question, place.n,
                                place.sample, place.attempt, request.about.decision, record->read);
  if (!record->about.empty()) out += "; what " + record->about + " will do";
  if (!record->options.is_nil()) out += "; " + value_text(record->options);
  out += "):\n";
  quote_messages(out, request.messages, before);
  if (!request.cue.empty()) quote(out, "cue", split(request.cue, '\n'));
  if (one.reply.failure) {
    quote(out, "fails", {one.reply.failure->what});
  } else if (request.read == ReadMode::scored) {
    std::string scores;
    for (size_t i = 0; i < request.labels.size(); ++i) {
      scores += fmt::format("{}{} {}", i ? ", " : "", request.labels[i], decimals(std::exp(one.reply.scores[i])));
    }
    quote(out, "scores", {scores});
  } else {
    quote(out, one.reply.finish == "stop" ? "reply" : one.reply.finish, split(one.reply.text, '\n'));
  }
  if (place.attempt < record->tries) return out + "\n";
  std::string read = record->why.empty() ? record->choice.is_nil() ? "nothing" : value_text(record->choice) : "nothing: " + record->why;
  if (record->mass >= 0) {
    std::string shares;
    for (const Value& share : record->scores.list()) shares += (shares.empty() ? "" : " ") + decimals(share.number());
    read += fmt::format(" (shares {}, legal mass {}{})", shares, decimals(record->mass), record->tie ? ", a tie that was drawn" : "");
  }
  quote(out, "reads", split(read, '\n'));
  return out + "\n";
}

std::string Golden::Playing::printed(const Event& event) const {
  const Transcript& t = match.transcript();
  std::string seat = event.seat > 0 ? t.seats[static_cast<size_t>(event.seat) - 1] : "";
  bool named = event.kind != Event::round && event.kind != Event::pay;
  std::string name = named ? t.words->names[static_cast<size_t>(event.name)] : "";
  std::string value = named ? value_text(t.value_of(event)) : "";
  std::vector<std::string> seen;
  if (event.seen > 0) {
    for (const Value& s : t.values[static_cast<size_t>(event.seen) - 1].list()) seen.push_back(t.seats[static_cast<size_t>(s.number()) - 1]);
  }
  std::string by = event.seen == 0 ? "" : seen.empty() ? " (nobody else sees it)" : " (seen by " + in_words(seen) + ")";
  switch (event.kind) {
    case Event::round:
      return event.number > 0 ? fmt::format("== round {}\n\n", number_text(event.number)) : "== the end\n\n";
    case Event::choice: return fmt::format("{} chooses {}: {}{}\n", seat, name, value, by);
    case Event::missing: return fmt::format("{} gives no answer to {}, done is: {}{}\n", seat, name, value, by);
    case Event::done: return fmt::format("{} is seen to do {}: {}{}\n", seat, name, value, by);
    case Event::pay: return fmt::format("{} is paid {}\n", seat, number_text(event.number));
    case Event::note: return fmt::format("noted: {} {}\n", name, value);
    case Event::told: return fmt::format("{} told {}{}\n", in_words(seen) + (seen.size() == 1 ? " is" : " are"), name, value.empty() ? "" : ": " + value);
  }
  return "?";
}

std::string Golden::Playing::printed() const {
  const Transcript& t = match.transcript();
  std::string out;
  std::map<int, const Asked*> last;  // by seat
  auto ask = [&](size_t at) {
    for (const auto& [place, one] : asked) {
      if (one.at != at) continue;
      if (!out.empty() && out.substr(out.size() - 2) != "\n\n") out += "\n";
      const Asked*& before = last[place.seat];
      out += printed(one, before ? before->question.request.messages : std::vector<Message>{});
      before = &one;
    }
  };
  for (size_t i = 0; i < t.events.size(); ++i) {
    ask(i);
    if (t.events[i].kind == Event::round && !out.empty() && out.substr(out.size() - 2) != "\n\n") out += "\n";
    out += printed(t.events[i]);
  }
  ask(t.events.size());
  static const char* const names[] = {"open", "whole", "void", "failed"};
  out += fmt::format("{}: {} round{} begun, the last {}", names[static_cast<int>(t.status)], t.rounds, t.rounds == 1 ? "" : "s",
                     t.last_closed ? "closed" : "not closed");
  if (!t.why.empty()) out += fmt::format("; {}: {}", t.seats[static_cast<size_t>(t.void_seat) - 1], t.why);
  out += "\npaid in all:";
  std::vector<double> paid = totals(t);
  for (size_t i = 0; i < paid.size(); ++i) out += fmt::format("{} {} {}", i ? "," : "", t.seats[i], number_text(paid[i]));
  out += "\n";
  for (const Belief& b : t.beliefs) {
    auto said = [](const Value& value) { return value.is_nil() ? std::string("nothing") : value_text(value); };
    out += fmt::format("belief: in round {} {} expected of {} {}: {}; it was: {}\n", b.round, t.seats[static_cast<size_t>(b.seat) - 1],
                       t.seats[static_cast<size_t>(b.about) - 1], b.decision, said(b.guess), said(b.truth));
  }
  return out;
}

std::string Golden::play(Order order) const {
  Table table(files_);
  std::vector<std::string> names;
  for (const Player& player : players_) names.push_back(player.strategy);
  auto plan = table.plan(rules_.game, names, [&](Rules& rules, std::vector<Player>& players) {
    rules = rules_;
    players = players_;
    for (Player& player : players) {
      if (player.model.empty()) continue;
      std::vector<std::string> told = told_;
      for (const std::string& own : player.told) {
        if (std::find(told.begin(), told.end(), own) == told.end()) told.push_back(own);
      }
      player.told = told;
    }
  }, block_, seed_);
  std::vector<Playing> playing;
  playing.emplace_back(table.scripts(), plan);
  if (order == Order::together) playing.emplace_back(table.scripts(), plan);
  for (bool more = true; more;) {
    more = false;
    for (Playing& one : playing) one.advance(*this);
    for (auto one = playing.rbegin(); one != playing.rend(); ++one) {
      while (!one->waiting.empty()) {
        one->answer(order != Order::first_come);
        more = true;
        if (order != Order::together) break;
      }
    }
  }
  std::map<std::string, size_t> asked;
  for (const auto& [place, one] : playing[0].asked) {
    const Request& request = one.question.request;
    std::string whole;
    for (const Message& message : request.messages) whole += message.text;
    const auto& questions = playing[0].match.transcript().questions;
    for (const QuestionRecord& q : questions) {
      if (q.seat != place.seat || q.n != place.n || q.sample != 1 || place.attempt > 1) continue;
      if (whole.size() < q.added.size() || whole.substr(whole.size() - q.added.size()) != q.added) {
        throw Error(fmt::format("{}: {} {}: what is stored as added is not the end of what was sent: {}", path_, request.about.seat, q.n, q.added));
      }
    }
    ++asked[request.about.seat + "/" + request.about.question];
  }
  for (const auto& [to, all] : replies_) {
    if (asked[to] != all.size()) {
      throw Error(fmt::format("{}: {} replies of '{}' are written, {} were asked for:\n{}", path_, all.size(), to, asked[to], playing[0].printed()));
    }
  }
  std::string out = playing[0].printed();
  if (playing.size() > 1 && playing[1].printed() != out) throw Error(path_ + ": two plays side by side differ");
  return out;
}

}  // namespace parley::test
