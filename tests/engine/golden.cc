#include "golden.h"

#include <fmt/format.h>

#include "base/file.h"
#include "base/json.h"

namespace parley::test {
namespace {

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

Value word_or_json(const std::string& text) { return text.find_first_of("[{") == 0 ? from_json(text) : Value(text); }

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

}  // namespace

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
      } else if (name == "watches") {
        player.watches = std::stoi(given);
      } else {
        player.settings = player.settings.with(name, any_value(given));
      }
    }
    players_.push_back(std::move(player));
  } else if (key == "told") {
    for (const std::string& name : split(value, ',')) told_.push_back(trimmed(name));
  } else if (key == "game") {
    rules_.game = value;
  } else if (key == "matching") {
    rules_.matching = value;
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

}  // namespace parley::test
