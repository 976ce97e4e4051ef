// parley play GAME PLAYER PLAYER...: one match, printed as it goes.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "api/commands/commands.h"
#include "api/commands/narrator.h"
#include "api/commands/one_match.h"
#include "base/error.h"
#include "model/model.h"
#include "study/held.h"

namespace parley::commands {
namespace {

// Keeps one match in a file: what `run` keeps, in its order. One that was left or stopped goes on.
class Keeping {
 public:
  Keeping(const std::string& path, const StudyFile& file, const Design& design, Scripts& scripts)
      : store_(Store::open(path, Store::Mode::write)), inputs_(scripts, store_), plan_(design.at(0)) {
    MatchState state = store_.plan(info_of(file, design), 1, [&](uint64_t i) { return *design.at(i); })[0];
    held_ = HeldMatch::take_up(store_, inputs_, 1, state, *plan_, design.game(0));
    if (!held_) throw Error(fmt::format("'{}' holds this match already: another --seed plays another one", path));
  }

  int attempt() const { return held_->attempt(); }

  std::optional<Reply> held(const Question& question) {
    return held_->reply(question.place, hash_of(question.request.canonical()));
  }

  void reply(const Question& question, Model& model, const Reply& reply) {
    store_.model(model.identity(), ModelSet::build_of(model), model.about());
    held_->keep(question.place, hash_of(question.request.canonical()), question.request.pure(), question.request.model,
                reply);
    store_.commit();
  }

  void finish(const Match& match) {
    if (match.status() == MatchStatus::open) return;
    store_.change_inputs(held_->row(), inputs_.of(*plan_, match.data()));
    store_.finish(held_->row(), match.transcript());
    store_.commit();
  }

 private:
  Store store_;
  Inputs inputs_;
  std::shared_ptr<const Plan> plan_;
  std::optional<HeldMatch> held_;
};

std::string heading(const GameInfo& game, const Plan& plan, const std::vector<std::string>& seats, bool terse) {
  std::vector<std::string> who;
  for (size_t i = 0; i < seats.size(); ++i) {
    const Player& player = plan.lineup->players[i];
    std::string name =
        kind_of(player.model).person ? "you" : player.strategy + (player.model.empty() ? "" : "@" + player.model);
    who.push_back(fmt::format("{} is {}", seats[i], name));
  }
  std::string out = fmt::format("{}: {}.", game.about.empty() ? game.name : game.about, joined(who));
  if (terse) return out;  // a person is told of rounds as the game tells it
  const Rules& rules = plan.condition->rules;
  if (rules.ends > 0) return out + fmt::format(" At most {}.", counted(*rules.rounds, "round", "rounds"));
  return out + " " + counted(*rules.rounds, "round", "rounds") + ".";
}

}  // namespace

int play(const Args& args, Console& console) {
  Workspace workspace(args, console);
  Value::List entries;
  for (size_t i = 1; i < args.words.size(); ++i) entries.push_back(entry_of(args.words[i]));
  StudyFile file = study_of("play", args.words[0], std::move(entries));
  Design design = design_of(workspace, file, args);
  if (design.size() != 1) throw Misuse("play plays one match: what is varied or repeated is for `parley run`");
  std::shared_ptr<const Plan> plan = design.at(0);
  const std::vector<Player>& players = plan->lineup->players;
  const bool person =
      std::any_of(players.begin(), players.end(), [](const Player& p) { return kind_of(p.model).person; });
  for (const Player& player : players) {
    if (player.model.empty()) continue;
    const std::string& read = plan->condition->rules.read;
    ReadMode mode = read == "scored"        ? ReadMode::scored
                    : read == "constrained" ? ReadMode::constrained
                                            : ReadMode::text;
    if (!workspace.models().open(player.model).can(mode)) {
      throw Misuse(fmt::format("{} cannot be read as {}: say --read {}", player.model, read,
                               read == "text" ? "scored" : "text"));
    }
  }

  std::optional<Keeping> keeping;
  if (const std::string* db = args.text("--db")) keeping.emplace(*db, file, design, workspace.scripts());
  Match match(workspace.scripts(), plan, keeping ? keeping->attempt() : 0);
  std::map<std::string, std::string> labels = labels_of(*plan, workspace.scripts());
  bool asks = std::any_of(players.begin(), players.end(), [](const Player& p) { return !p.model.empty(); });
  if (!asks) labels.clear();
  Narrator narrator(console, labels);
  const GameSetup& setup =
      workspace.scripts().setup(plan->condition->rules.game, plan->condition->rules.settings, plan->roles());
  for (const std::string& warning : workspace.scripts().warnings(setup)) console.line("warning: " + warning);
  console.out(wrapped(heading(design.game(0), *plan, setup.seats, person), console.columns()) + "\n");
  if (person) {
    console.out(console.dim("Answer when you see >. Ctrl-D leaves.") + "\n");
  } else {
    console.out("\n");
  }

  play_through(
      match,
      [&](const Question& question) {
        if (keeping) {
          if (auto held = keeping->held(question)) return *std::move(held);
        }
        Model& model = workspace.models().open(players[static_cast<size_t>(question.place.seat) - 1].model);
        Reply reply = ask(model, question.request);
        for (int again = 0;
             again < 3 && reply.failure && reply.failure->size == Failure::Size::again && stop_signal() == 0; ++again) {
          reply = ask(model, question.request);
        }
        leave_if_stopped();
        if (keeping) keeping->reply(question, model, reply);
        return reply;
      },
      [&](const std::vector<Question>&) {
        // What others chose in a round under way is nothing for a person who may be about to choose in it.
        if (!person) narrator.rounds(match.transcript(), false);
      });

  const Transcript& transcript = match.transcript();
  if (person && transcript.rounds > 0) console.out("\n");
  narrator.rounds(transcript, true);
  narrator.totals(transcript);
  if (!person) narrator.questions(transcript);
  if (keeping) keeping->finish(match);
  if (transcript.status == MatchStatus::void_) {
    console.line(fmt::format("The match is void from here: the answer of {} could not be read ({}).",
                             transcript.seats[static_cast<size_t>(transcript.void_seat) - 1], transcript.why));
  }
  if (transcript.status == MatchStatus::failed) {
    console.line(fmt::format("The match ends here: {}.", transcript.why));
    return person ? 0 : 3;  // whoever leaves the table has done nothing wrong
  }
  return 0;
}

}  // namespace parley::commands
