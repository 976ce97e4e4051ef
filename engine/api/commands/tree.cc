// parley tree GAME PLAYER: a player's policy as a table, and how it fares against fixed rules.
#include "study/tree.h"

#include <fmt/format.h>

#include <optional>

#include "api/commands/commands.h"
#include "api/commands/listing.h"
#include "api/commands/one_match.h"
#include "api/commands/progress.h"
#include "api/commands/tree_tables.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "model/model.h"

namespace parley::commands {
namespace {

constexpr int kMatches = 1000;  // against a rule that draws

// A match of the command line's condition. `player` sits in its seat, `other` in the other.
std::shared_ptr<const Plan> plan_of(Workspace& workspace, const Args& args, int seat, const Value& player,
                                    const Value& other) {
  Value::List entries = {seat == 1 ? player : other, seat == 1 ? other : player};
  StudyFile file = study_of("tree", args.words[0], std::move(entries));
  file.fields = file.fields.with("read", "scored");
  Design design = design_of(workspace, file, args);
  if (design.size() != 1) throw Misuse("a tree is of one condition: what is varied or repeated is for `parley run`");
  return design.at(0);
}

class Tree {
 public:
  Tree(const Args& args, Console& console) : args_(args), console_(console), workspace_(args, console) {
    const std::string& game = args.words[0];
    player_ = entry_of(args.words[1]);
    if (player_["model"].is_string() && kind_of(player_["model"].string()).person)
      throw Misuse("a person's choices are no table");
    if (!workspace_.sources().find("games", game)) design_of(workspace_, study_of("tree", game, {player_}), args);
    const GameInfo info = workspace_.scripts().game(game, {}, 2);
    int seat = 1;
    if (const std::string* said = args.text("--seat")) seat = seat_named(*said, info.players);
    plan_ = plan_of(workspace_, args, seat, player_, Value::Record{{"strategy", "random"}});
    const std::string& model = plan_->lineup->players[static_cast<size_t>(seat) - 1].model;
    if (!model.empty() && !workspace_.models().open(model).can(ReadMode::scored))
      throw Misuse(fmt::format("{} cannot be read as scored, and a tree is of scored choices", model));
    shape_ = tree_shape(workspace_.scripts(), plan_, seat);
    file_ = tree_study(game, player_, shape_);
    const GameSetup& setup =
        workspace_.scripts().setup(plan_->condition->rules.game, plan_->condition->rules.settings, 2);
    own_seat_ = setup.seats[static_cast<size_t>(seat) - 1];
    other_seat_ = setup.seats[seat == 1 ? 1 : 0];
    if (args.text("--policy") && setup.actions[0]->to_value() != setup.actions[1]->to_value())
      throw Misuse("--policy: a frozen player needs one set of actions for both seats, and this game has two");
    for (const auto& [action, label] : labels_of(*plan_, workspace_.scripts()))
      labels_.push_back(fmt::format("{} was {}", label, action));
    for (const std::string& said : args.all("--against")) opponents_.push_back(opponent(said));
  }

  int run() {
    const std::string* said = args_.text("--db");
    const std::string db = said ? *said : args_.words[0] + ".tree.db";
    Store store = Store::open(db, Store::Mode::write);
    if (int code = ask(store, db); code != 0) return code;
    const PolicyTree tree = tree_of(store, shape_);
    std::vector<Against> all;
    for (const Opponent& opponent : opponents_) all.push_back(against(store, tree, opponent));
    const TreeTables tables{shape_, tree, own_seat_, other_seat_};
    if (args_.has("--json")) {
      std::vector<Table> out = {tables.histories(true), tables.memory_one(true)};
      if (!all.empty()) out.insert(out.end(), {tables.against(all, true), tables.rounds(all)});
      print(out, args_, console_);
    } else if (args_.has("--csv")) {
      print({all.empty() ? tables.histories(true) : tables.rounds(all)}, args_, console_);
    } else {
      std::vector<Table> out = {tables.histories(false), tables.memory_one(false)};
      if (!labels_.empty() && !player().model.empty())
        out[0].notes.push_back(fmt::format("As labels: {}.", joined(labels_)));
      if (!all.empty()) out.push_back(tables.against(all, false));
      for (Table& table : out) {
        table.title.clear();
        for (std::string& note : table.notes) note = wrapped(note, console_.columns());
      }
      print(out, args_, console_);
    }
    if (const std::string* path = args_.text("--policy")) write_policy(tree, *path);
    return 0;
  }

 private:
  struct Opponent {
    std::string said;
    std::shared_ptr<const Plan> rule;   // against a written list of moves
    std::shared_ptr<const Plan> match;  // against the player
  };

  const Player& player() const { return plan_->lineup->players[static_cast<size_t>(shape_.seat) - 1]; }

  // Has the file hold every history. Returns the exit code where it does not.
  int ask(Store& store, const std::string& db) {
    const Design design = Design::make(file_, workspace_.lookup(), overrides_of(args_));
    const Progress progress = run_to_end(console_, design, info_of(file_, design), workspace_, store, {});
    if (progress.nothing_to_do()) {
      console_.line(
          fmt::format("{}: nothing asked, {} holds them.", counted(shape_.nodes(), "history", "histories"), db));
    } else {
      console_.line(fmt::format("{} in {}: {} asked, kept in {}.", counted(shape_.nodes(), "history", "histories"),
                                counted(static_cast<double>(progress.planned), "match", "matches"),
                                counted(static_cast<double>(progress.asked), "request", "requests"), db));
    }
    return how_it_ended(console_, progress);
  }

  Opponent opponent(const std::string& said) {
    const Value entry = entry_of(said);
    if (!entry["model"].is_nil() || (workspace_.sources().find("strategies", entry["strategy"].string()) &&
                                     workspace_.scripts().strategy(entry["strategy"].string()).asks)) {
      throw Misuse(
          fmt::format("--against takes a fixed rule, and '{}' asks a model: `parley run` plays it, or its own "
                      "tree gives a policy (--policy) for 'frozen policy=FILE'",
                      said));
    }
    return {said, plan_of(workspace_, args_, shape_.seat, Value::Record{{"strategy", "plan"}}, entry),
            plan_of(workspace_, args_, shape_.seat, player_, entry)};
  }

  Against against(const Store& store, const PolicyTree& tree, const Opponent& opponent) {
    Rival rival(workspace_.scripts(), opponent.rule, shape_);
    Against out{opponent.said, {}};
    rival(History{});
    if (!rival.drew())
      out.result.mean = expected(tree, shape_.payoffs, [&](const History& history) { return rival(history); });
    if (!rival.drew()) return out;
    const auto matches = args_.count("--matches", 2).value_or(kMatches);
    std::map<Hash, Reply> known;
    const std::string build =
        player().model.empty() ? "" : ModelSet::build_of(workspace_.models().open(player().model));
    out.result = play_matches(workspace_.scripts(), opponent.match, shape_, matches, [&](const Request& request) {
      leave_if_stopped();
      const Hash hash = hash_of(request.canonical());
      auto found = known.find(hash);
      if (found != known.end()) return found->second;
      const std::optional<Kept> kept = store.pure(hash, build);
      if (!kept) throw Error("the file holds no reply to a question of its own tree");
      return known.emplace(hash, kept->reply).first->second;
    });
    return out;
  }

  void write_policy(const PolicyTree& tree, const std::string& path) {
    std::vector<std::string> letters = {"J", "F"};  // what frozen takes where nothing is said
    if (shape_.own != 2) {
      letters.clear();
      if (shape_.own > 26) throw Misuse("--policy: there are more actions than letters");
      for (int i = 0; i < shape_.own; ++i) letters.emplace_back(1, static_cast<char>('A' + i));
    }
    const Value policy = frozen_policy(tree, letters);
    std::string text = "{";
    for (const auto& [past, move] : policy.record())
      text += fmt::format("{}\n  {}: {}", text.size() > 1 ? "," : "", to_json(past), to_json(move));
    write_file(path, text + "\n}\n");
    console_.line(fmt::format(
        "{} plays this table: {{ strategy = \"frozen\", policy = \"{}\"{} }}, where `data` is its "
        "folder.",
        path, path.substr(path.rfind('/') + 1), shape_.own == 2 ? "" : ", letters = { \"A\", \"B\", ... }"));
  }

  const Args& args_;
  Console& console_;
  Workspace workspace_;
  Value player_;
  std::shared_ptr<const Plan> plan_;
  TreeShape shape_;
  StudyFile file_;
  std::string own_seat_, other_seat_;
  std::vector<std::string> labels_;
  std::vector<Opponent> opponents_;
};

}  // namespace

int tree(const Args& args, Console& console) { return Tree(args, console).run(); }

}  // namespace parley::commands
