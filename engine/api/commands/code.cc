// parley code STUDY --with QUESTION: what was said in a study, coded by models, rules and people, and how far they agree.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "api/commands/code_tables.h"
#include "api/commands/commands.h"
#include "api/commands/listing.h"
#include "api/commands/one_match.h"
#include "api/commands/progress.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "study/coding.h"

namespace parley::commands {
namespace {

constexpr const char* kCode = "code";  // the column of a sheet that a person fills

// Whether a person meant this answer: a spreadsheet makes TRUE of true, and blanks are not seen.
bool alike(std::string_view answer, std::string_view cell) {
  const size_t from = cell.find_first_not_of(' ');
  if (from == cell.npos) return false;
  cell = cell.substr(from, cell.find_last_not_of(' ') - from + 1);
  auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(answer.begin(), answer.end(), cell.begin(), cell.end(),
                    [&](char a, char b) { return low(a) == low(b); });
}

std::string items(const Value& list) {
  std::vector<std::string> out;
  for (const Value& one : list.list()) {
    out.push_back(one.is_record() ? value_text(one["decision"].is_nil() ? one["name"] : one["decision"]) + ": " +
                                        value_text(one["choice"].is_nil() ? one["value"] : one["choice"])
                                  : value_text(one));
  }
  return joined(out, ", ");
}

class Coding {
 public:
  Coding(const Args& args, Console& console)
      : args_(args), console_(console), files_(study_files(args)), workspace_(args, console, files_.lua) {
    name_ = std::filesystem::path(files_.db).stem().string() + ".codes";
    const std::string* said = args.text("--into");
    into_ = said ? *said : name_ + ".db";
    CountLine line(console_);
    messages_ = messages_of(open_to_read(files_), [&](uint64_t done, uint64_t of) { line.update(done, of); });
    line.clear();
    if (messages_.empty())
      throw Error(
          fmt::format("nothing was said in the matches of {} that are whole: no choice out of words", files_.db));
    for (const SaidMessage& message : messages_) workspace_.sources().lend(data_path(message), message_text(message));
  }

  int run() {
    if (const std::string* sheet = args_.text("--sheet")) return write_sheet(*sheet);
    Store store = Store::open(into_, Store::Mode::write);
    if (const std::optional<StudyInfo> held = store.study(); held && held->name != name_)
      throw Error(fmt::format("{} holds '{}', not codes of {}: name another by --into", into_, held->name, files_.db));
    std::vector<Coder> coders = coders_of(store);
    if (std::optional<Coder> added = coder()) {
      auto same = std::find_if(coders.begin(), coders.end(), [&](const Coder& one) {
        return one.question == added->question && one.name == added->name;
      });
      for (const Coder& one : coders) {
        if (one.name == added->name && one.question != added->question && one.read != added->read)
          throw Misuse(
              fmt::format("{} codes '{}' with --read {}: what reads '{}' otherwise needs a name of its own, by --coder",
                          one.name, one.question, one.read, added->question));
      }
      if (same == coders.end()) {
        coders.push_back(std::move(*added));
      } else {
        *same = std::move(*added);
      }
      if (int code = play(store, coders); code != 0) return code;
    } else if (coders.empty()) {
      throw Misuse(
          fmt::format("{} holds no codes yet: say who codes: --model M, --by RULE, or --coded SHEET.csv", into_));
    }
    for (const Coder& coder : coders) say_lost(coder);
    const bool for_programs = args_.has("--json") || args_.has("--csv");
    const CodeTables tables(store, messages_, coders, for_programs);
    std::vector<Table> out = {tables.shares(), tables.agreement()};
    if (for_programs) {
      out.push_back(tables.messages());
    } else {
      for (Table& table : out) table.title.clear();
    }
    print(out, args_, console_);
    return 0;
  }

 private:
  const std::string& question() const {
    const std::string* said = args_.text("--with");
    if (!said) throw Misuse("say the question: --with promise, threat, lie, leak, or a strategy of your own");
    return *said;
  }

  // A strategy that answers the question, or is it.
  StrategyInfo strategy(const std::string& name) {
    const StrategyInfo info = workspace_.scripts().strategy(name);
    const Value &answers = info.settings["answers"], &shown = info.settings["shown"];
    if (!answers.is_list() || !shown.is_list() ||
        !std::all_of(answers.list().begin(), answers.list().end(), [](const Value& one) { return one.is_string(); })) {
      throw Error(fmt::format(
          "{}: a question of `parley code` has the settings answers (a list of words) and shown (a list of 'deeds' and "
          "'secrets', or of nothing)",
          info.path));
    }
    for (const Value& what : shown.list()) {
      if (what != Value("deeds") && what != Value("secrets"))
        throw Error(
            fmt::format("{}: shown is a list of 'deeds' and 'secrets', and has '{}'", info.path, value_text(what)));
    }
    return info;
  }

  std::optional<Coder> coder() {
    const bool coded = args_.has("--coded"), by = args_.has("--by"), model = args_.has("--model");
    if (coded + by + model > 1) throw Misuse("one coder at a time: --model, --by or --coded");
    const uint64_t sample = args_.whole("--sample", 1).value_or(0);
    if (args_.has("--coder") && coded + by + model == 0)
      throw Misuse("--coder names who codes: say --model M, --by RULE or --coded SHEET.csv as well");
    if (!args_.text("--with") && coded + by + model == 0) return std::nullopt;
    Coder out;
    out.question = question();
    const StrategyInfo asked = strategy(out.question);
    if (coded + by + model == 0 && asked.asks) return std::nullopt;
    out.answers = asked.settings["answers"];
    out.shown = asked.settings["shown"];
    out.read = args_.text("--read") ? *args_.text("--read") : "text";
    out.sample = sample;
    if (const std::string* decision = args_.text("--decision")) out.decision = decision_said(*decision);
    if (coded) {
      const std::string& path = *args_.text("--coded");
      out.name = std::filesystem::path(path).stem().string();
      out.codes = codes_in(path, out.answers);
    } else if (model) {
      if (!asked.asks) throw Misuse(fmt::format("'{}' is a rule and asks no model", out.question));
      out.name = *args_.text("--model");
      out.entry = Value::Record{{"strategy", out.question}, {"model", out.name}};
    } else {
      out.name = by ? *args_.text("--by") : out.question;
      out.entry = entry_of(out.name);
      const StrategyInfo rule = strategy(out.entry["strategy"].string());
      if (rule.asks)
        throw Misuse(fmt::format("--by takes a rule, and '{}' asks a model: --with {} --model M", out.name, rule.name));
      if (rule.settings["answers"] != out.answers)
        throw Misuse(fmt::format("'{}' answers {}, and the codes of '{}' are {}", rule.name,
                                 value_text(rule.settings["answers"]), out.question, value_text(out.answers)));
      for (const Value& what : rule.settings["shown"].list()) {
        const Value::List& shown = out.shown.list();
        if (std::find(shown.begin(), shown.end(), what) == shown.end())
          throw Misuse(fmt::format("'{}' needs the {} of a speaker, which '{}' does not show", rule.name,
                                   value_text(what), out.question));
      }
    }
    if (const std::string* said = args_.text("--coder")) out.name = *said;
    return out;
  }

  std::string decision_said(const std::string& said) const {
    std::set<std::string> all;
    for (const SaidMessage& message : messages_) all.insert(message.decision);
    const std::vector<std::string> known(all.begin(), all.end());
    if (!all.contains(said))
      throw Misuse(fmt::format("nothing was said as '{}'{}; there are: {}", said, did_you_mean(said, known),
                               joined(known, ", ")));
    return said;
  }

  // What a person filled in.
  std::map<std::string, Code> codes_in(const std::string& path, const Value& answers) const {
    const Rows sheet = read_csv(path);
    auto column = [&](const char* name) {
      auto at = std::find(sheet.columns.begin(), sheet.columns.end(), name);
      if (at == sheet.columns.end())
        throw Error(
            fmt::format("{}:1: there is no column '{}': a sheet is what `parley code --sheet` writes", path, name));
      return static_cast<size_t>(at - sheet.columns.begin());
    };
    const size_t item = column("item"), text = column("text"), code = column(kCode);
    std::map<std::string, const SaidMessage*> known;
    for (const SaidMessage& message : messages_) known.emplace(message.id, &message);
    std::vector<std::string> allowed;
    for (const Value& answer : answers.list()) allowed.push_back(value_text(answer));
    std::map<std::string, Code> out;
    for (size_t i = 0; i < sheet.rows.size(); ++i) {
      const std::vector<std::string>& row = sheet.rows[i];
      auto blame = [&](const std::string& what) { throw Error(fmt::format("{}:{}: {}", path, sheet.lines[i], what)); };
      if (row[code].find_first_not_of(' ') == std::string::npos) continue;
      auto at = known.find(row[item]);
      if (at == known.end()) blame(fmt::format("there is no message '{}' in {}", row[item], files_.db));
      if (at->second->known["text"] != Value(row[text]))
        blame(fmt::format("message {} is another text in {}: this is the sheet of another file, or it was played anew",
                          row[item], files_.db));
      auto is =
          std::find_if(allowed.begin(), allowed.end(), [&](const std::string& one) { return alike(one, row[code]); });
      if (is == allowed.end())
        blame(fmt::format("'{}' is no code{}; they are: {}", row[code], did_you_mean(row[code], allowed),
                          joined(allowed, ", ")));
      if (!out.emplace(row[item], Code{*is, row[text]}).second)
        blame(fmt::format("message {} stands here twice", row[item]));
    }
    if (out.empty()) throw Error(fmt::format("{}: no row has anything in its column '{}'", path, kCode));
    return out;
  }

  // Of a person whose messages are gone, or were played anew.
  void say_lost(const Coder& coder) const {
    const auto still = static_cast<size_t>(
        std::count_if(messages_.begin(), messages_.end(), [&](const SaidMessage& one) { return coder.gave(one); }));
    if (still < coder.codes.size())
      console_.line(fmt::format("{} of {} for '{}' left out: {} holds no such message, or another text there.",
                                counted(static_cast<double>(coder.codes.size() - still), "code", "codes"), coder.name,
                                coder.question, files_.db));
  }

  int write_sheet(const std::string& path) {
    Coder blank;
    blank.entry = Value::Record{};
    const StrategyInfo asked = strategy(question());
    blank.sample = args_.whole("--sample", 1).value_or(0);
    if (const std::string* decision = args_.text("--decision")) blank.decision = decision_said(*decision);
    auto shows = [&](const char* what) {
      const Value::List& shown = asked.settings["shown"].list();
      return std::find(shown.begin(), shown.end(), Value(what)) != shown.end();
    };
    Table sheet;
    for (const char* name : {"item", "speaker", "to", "said_before", "text"}) sheet.columns.push_back({name});
    if (shows("deeds")) sheet.columns.push_back({"did"});
    if (shows("secrets")) sheet.columns.push_back({"knew"});
    sheet.columns.push_back({kCode});
    const std::set<std::string> wanted = messages_for(blank, messages_);
    for (const SaidMessage& message : messages_) {
      if (!wanted.contains(message.id)) continue;
      std::string before;
      for (const Value& one : message.known["before"].list())
        before +=
            fmt::format("{}{}: {}", before.empty() ? "" : "\n", value_text(one["speaker"]), value_text(one["text"]));
      std::vector<Value> cells = {message.id, message.known["speaker"], items(message.known["to"]), before,
                                  message.known["text"]};
      if (shows("deeds")) cells.emplace_back(items(message.known["deeds"]));
      if (shows("secrets")) cells.emplace_back(items(message.known["secrets"]));
      cells.emplace_back();
      sheet.add(std::move(cells));
    }
    if (file_exists(path))
      throw Error(fmt::format("'{}' is there already: a sheet that was filled in is not overwritten", path));
    write_file(path, as_csv(sheet));
    console_.line(
        fmt::format("{}: {}; its column '{}' takes {}. `parley code {} --with {} --coded {} --coder NAME` reads it.",
                    path, counted(static_cast<double>(sheet.rows.size()), "message", "messages"), kCode,
                    value_text(asked.settings["answers"]), args_.words[0], question(), path));
    return 0;
  }

  int play(Store& store, const std::vector<Coder>& coders) {
    const StudyFile file = coding_study(messages_, coders);
    const Design design = Design::make(file, workspace_.lookup());
    StudyInfo info = info_of(file, design);
    info.name = name_;
    const Progress progress = run_to_end(console_, design, info, workspace_, store, {}, args_.has("--quiet"));
    if (progress.nothing_to_do()) {
      console_.line(fmt::format("Nothing to do: {} holds all codes.", into_));
    } else {
      console_.line(fmt::format("{} coded: {} asked, kept in {}.",
                                counted(static_cast<double>(progress.whole + progress.voided), "message", "messages"),
                                counted(static_cast<double>(progress.asked), "request", "requests"), into_));
    }
    return how_it_ended(console_, progress);
  }

  const Args& args_;
  Console& console_;
  StudyFiles files_;
  Workspace workspace_;
  std::string name_, into_;
  std::vector<SaidMessage> messages_;
};

}  // namespace

int code(const Args& args, Console& console) { return Coding(args, console).run(); }

}  // namespace parley::commands
