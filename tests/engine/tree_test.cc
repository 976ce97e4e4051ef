#include "study/tree.h"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.h"
#include "base/json.h"
#include "lab.h"
#include "model/llama.h"
#include "study/replay.h"

using namespace parley;
using namespace parley::test;

namespace {

// Trees over parley's own files, asked of a model that answers as scripted:random does.
struct Garden {
  Sources sources;
  Library library;
  Scripts scripts;
  ModelSet models;
  Shuffling* model;
  Lookup lookup;

  explicit Garden(const Folder& folder, int room = 64, unsigned seed = 1)
      : sources({folder.path(), PARLEY_ROOT}),
        library({folder.path() + "/prompts", PARLEY_ROOT "/prompts"}),
        scripts(sources, library) {
    auto shuffling = std::make_unique<Shuffling>(room, seed);
    model = shuffling.get();
    models.add("random", std::move(shuffling));
    lookup.game = [this](const std::string& name, const Value& settings, int seats) -> std::optional<GameInfo> {
      return scripts.game(name, settings, seats);
    };
    lookup.strategy = [this](const std::string& name) -> std::optional<StrategyInfo> { return scripts.strategy(name); };
    lookup.model_identity = [this](const std::string& name) { return models.open(name).identity(); };
  }

  static Value entry(const std::string& strategy, bool asks = true) {
    Value out = Value::Record{{"strategy", strategy}};
    return asks ? out.with("model", "random") : out;
  }
  static std::vector<Override> overrides(int rounds, const std::string& decide) {
    return {{"rounds", rounds, "rounds"}, {"decide", decide, "decide"}};
  }
  // One match of these two.
  std::shared_ptr<const Plan> plan(const std::string& game, Value row, Value column, int rounds,
                                   const std::string& decide) {
    StudyFile file;
    file.path = "tree";
    file.fields =
        Value::Record{{"game", game}, {"read", "scored"}, {"players", Value::List{std::move(row), std::move(column)}}};
    return Design::make(file, lookup, overrides(rounds, decide)).at(0);
  }
};

struct Grown {
  TreeShape shape;
  PolicyTree tree;
  Progress progress;
};

Progress run_tree(Garden& garden, Store& store, const Value& player, const TreeShape& shape, const std::string& decide,
                  int steps = 1 << 30) {
  const StudyFile file = tree_study("prisoners_dilemma", player, shape);
  const Design design = Design::make(file, garden.lookup, Garden::overrides(shape.rounds, decide));
  StudyInfo info{"tree", "tree", hash_of(file.text), file.text, design.resolved(), design.seed(), "test"};
  Run run(design, info, garden.scripts, store, garden.models);
  while (steps-- > 0 && run.step(std::chrono::steady_clock::now() + std::chrono::milliseconds(1)))
    garden.model->release();
  return run.progress();
}

Grown grow(Garden& garden, Store& store, const std::string& strategy, int rounds, const std::string& decide,
           int seat = 1, bool asks = true) {
  const Value player = Garden::entry(strategy, asks), other = Garden::entry("always_first", false);
  Grown out;
  out.shape = tree_shape(
      garden.scripts,
      garden.plan("prisoners_dilemma", seat == 1 ? player : other, seat == 1 ? other : player, rounds, decide), seat);
  out.progress = run_tree(garden, store, player, out.shape, decide);
  out.tree = tree_of(store, out.shape);
  return out;
}

// Answers as scripted:random does, at once.
std::function<Reply(const Request&)> answers() {
  std::shared_ptr<Model> model = open_model("scripted:random");
  return [model](const Request& request) {
    Mailbox mailbox;
    model->start(1, request, mailbox);
    return mailbox.take(std::chrono::steady_clock::now()).at(0).reply;
  };
}

Reply nobody(const Request&) { throw Error("nobody is to be asked"); }

Expected against(Garden& garden, const Grown& grown, const std::string& rule) {
  const Value planned = Value::Record{{"strategy", "plan"}}, other = Garden::entry(rule, false);
  const bool first = grown.shape.seat == 1;
  Rival rival(
      garden.scripts,
      garden.plan("prisoners_dilemma", first ? planned : other, first ? other : planned, grown.shape.rounds, "argmax"),
      grown.shape);
  Expected out = expected(grown.tree, grown.shape.payoffs, [&](const History& history) { return rival(history); });
  CHECK(!rival.drew());
  return out;
}

const char* kRules[] = {
    "always_first",           "always_second",       "alternate",        "defect_once",      "tit_for_tat",
    "suspicious_tit_for_tat", "reverse_tit_for_tat", "tit_for_two_tats", "hard_tit_for_tat", "grim"};

// The exact numbers lie within four standard errors of those that were played.
void check_played(const Expected& exact, const Played& played) {
  for (size_t who : {0, 1}) {
    CAPTURE(who);
    CHECK(std::abs(exact.payoff[who] - played.mean.payoff[who]) <= 4 * played.error[who] + 1e-9);
  }
  for (size_t round = 0; round < exact.joint.size(); ++round) {
    for (size_t pair = 0; pair < exact.joint[round].size(); ++pair) {
      const double p = exact.joint[round][pair];
      CHECK(std::abs(p - played.mean.joint[round][pair]) <= 4 * std::sqrt(p * (1 - p) / played.matches) + 1e-9);
    }
  }
}

std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("tree: ten rounds by arg-max are 1,023 histories, each asked once; and never again") {
  Folder folder;
  Store store = Store::in_memory();
  {
    Garden garden(folder);
    Grown grown = grow(garden, store, "direct", 10, "argmax");
    CHECK(grown.tree.nodes.size() == 1023);
    CHECK(grown.progress.planned == 512);
    CHECK(grown.progress.asked == 1023);
    CHECK(garden.model->asked == 1023);
    for (const auto& [history, node] : grown.tree.nodes) {
      CHECK(node.scores.size() == 2);
      CHECK(node.scores[0] + node.scores[1] == doctest::Approx(1));
      CHECK(node.chance[static_cast<size_t>(likeliest(node.scores))] == 1);
      CHECK(node.mass > .4);
    }
  }
  Garden again(folder);
  Grown grown = grow(again, store, "direct", 10, "argmax");
  CHECK(grown.progress.nothing_to_do());
  CHECK(again.model->asked == 0);
  CHECK(verify(store, false).differing == 0);
}

TEST_CASE("tree: where choices are drawn, five rounds are 341 histories; by arg-max they are asked already") {
  Folder folder;
  Store store = Store::in_memory();
  Garden garden(folder);
  Grown drawn = grow(garden, store, "direct", 5, "sample");
  CHECK(drawn.tree.nodes.size() == 341);
  CHECK(drawn.progress.asked == 341);
  for (const auto& [history, node] : drawn.tree.nodes) CHECK(node.chance == node.scores);
  CHECK(verify(store, false).differing == 0);
  Grown largest = grow(garden, store, "direct", 5, "argmax");
  CHECK(largest.progress.asked == 0);
  for (const auto& [history, node] : largest.tree.nodes) CHECK(node.scores == drawn.tree.at(history).scores);
}

TEST_CASE("tree: stopped anywhere and taken up again it asks nothing twice") {
  Folder folder;
  for (int steps : {1, 3, 7}) {
    Folder place;
    Garden garden(folder, 8, static_cast<unsigned>(steps));
    const Value player = Garden::entry("direct");
    const TreeShape shape = tree_shape(
        garden.scripts, garden.plan("prisoners_dilemma", player, Garden::entry("always_first", false), 6, "argmax"), 1);
    double kept = 0;
    {
      Store store = Store::open(place.path() + "/x.db", Store::Mode::write);
      run_tree(garden, store, player, shape, "argmax", steps);
      kept = store.query("SELECT count(*) FROM answer")[0][0].number();
    }
    Store store = Store::open(place.path() + "/x.db", Store::Mode::write);
    Garden later(folder);
    Progress progress = run_tree(later, store, player, shape, "argmax");
    CHECK(progress.pending() == 0);
    CHECK(later.model->asked + kept == 63);
    CHECK(tree_of(store, shape).nodes.size() == 63);
  }
}

TEST_CASE("tree: by arg-max, what is expected against a fixed rule is what a match with it pays") {
  Folder folder;
  for (const char* strategy : {"direct", "scot"}) {
    for (int seat : {1, 2}) {
      Store store = Store::in_memory();
      Garden garden(folder);
      Grown grown = grow(garden, store, strategy, 6, "argmax", seat);
      for (const char* rule : kRules) {
        CAPTURE(strategy);
        CAPTURE(seat);
        CAPTURE(rule);
        const Value player = Garden::entry(strategy), other = Garden::entry(rule, false);
        auto plan =
            garden.plan("prisoners_dilemma", seat == 1 ? player : other, seat == 1 ? other : player, 6, "argmax");
        const Played played = play_matches(garden.scripts, plan, grown.shape, 1, answers());
        const Expected exact = against(garden, grown, rule);
        CHECK(exact.payoff == played.mean.payoff);
        CHECK(exact.joint == played.mean.joint);
      }
    }
  }
}

TEST_CASE("tree: where choices are drawn, what is expected is the mean of many matches") {
  Folder folder;
  Store store = Store::in_memory();
  Garden garden(folder);
  Grown grown = grow(garden, store, "direct", 5, "sample", 2);
  for (const char* rule : {"tit_for_tat", "grim", "hard_tit_for_tat", "alternate"}) {
    CAPTURE(rule);
    auto plan = garden.plan("prisoners_dilemma", Garden::entry(rule, false), Garden::entry("direct"), 5, "sample");
    check_played(against(garden, grown, rule), play_matches(garden.scripts, plan, grown.shape, 1500, answers()));
  }
  // An opponent that chooses evenly is the strategy `random`, which draws.
  auto plan = garden.plan("prisoners_dilemma", Garden::entry("random", false), Garden::entry("direct"), 5, "sample");
  check_played(expected(grown.tree, grown.shape.payoffs, uniform_opponent(2)),
               play_matches(garden.scripts, plan, grown.shape, 1500, answers()));
  Rival rival(garden.scripts,
              garden.plan("prisoners_dilemma", Garden::entry("random", false), Value::Record{{"strategy", "plan"}}, 5,
                          "argmax"),
              grown.shape);
  rival(History{});
  CHECK(rival.drew());
}

TEST_CASE("tree: frozen plays a table as the player did") {
  Folder folder;
  const Value frozen = Value::Record{{"strategy", "frozen"}, {"policy", "table.json"}};
  Store store = Store::in_memory();
  Grown grown, drawn;
  {
    Garden garden(folder);
    grown = grow(garden, store, "direct", 5, "argmax");
    folder.write("table.json", to_json(frozen_policy(grown.tree, {"J", "F"})));
  }
  {
    Garden garden(folder);
    garden.sources.look_in(folder.path());
    // Its own table, grown the same way, is that which it reads.
    Store its = Store::in_memory();
    const TreeShape shape = tree_shape(
        garden.scripts, garden.plan("prisoners_dilemma", frozen, Garden::entry("always_first", false), 5, "argmax"), 1);
    run_tree(garden, its, frozen, shape, "argmax");
    CHECK(garden.model->asked == 0);
    const PolicyTree tree = tree_of(its, shape);
    CHECK(tree.nodes.size() == 31);
    for (const auto& [history, node] : tree.nodes) CHECK(node.chance == grown.tree.at(history).chance);
  }
  {
    Garden garden(folder);
    drawn = grow(garden, store, "direct", 5, "sample");
    folder.write("table.json", to_json(frozen_policy(drawn.tree, {"J", "F"})));
  }
  Garden garden(folder);
  garden.sources.look_in(folder.path());
  for (const char* rule : {"tit_for_tat", "grim"}) {
    CAPTURE(rule);
    auto plan = garden.plan("prisoners_dilemma", frozen, Garden::entry(rule, false), 5, "argmax");
    check_played(against(garden, drawn, rule), play_matches(garden.scripts, plan, drawn.shape, 3000, nobody));
  }
}

TEST_CASE("tree: what has no table is refused, and it is said why") {
  Folder folder;
  folder.write("strategies/late.lua", R"(strategy { act = function(turn)
    turn:ask { "choose", turn.actions }
    return turn.actions[1]
  end })");
  folder.write("prompts/late.txt", "== choose\n{{question}}\n");
  Garden garden(folder);
  auto shape = [&](const std::string& game, const Value& player, int rounds, const std::string& decide) {
    return error_of([&] {
      tree_shape(garden.scripts, garden.plan(game, player, Garden::entry("always_first", false), rounds, decide), 1);
    });
  };
  CHECK(shape("prisoners_dilemma", Garden::entry("cot"), 3, "argmax").starts_with("cot asks for text ('think')"));
  CHECK(
      shape("prisoners_dilemma", Garden::entry("scot"), 3, "sample").starts_with("scot asks more than once in a turn"));
  CHECK(shape("prisoners_dilemma", Garden::entry("scot"), 3, "argmax") == "");
  CHECK(
      shape("prisoners_dilemma", Garden::entry("naive_prober", false), 3, "argmax").starts_with("naive_prober draws"));
  CHECK(shape("prisoners_dilemma", Garden::entry("direct"), 17, "argmax") ==
        "17 rounds have 131071 histories; 100000 are the most. Take fewer rounds");
  CHECK(shape("prisoners_dilemma", Garden::entry("direct"), 10, "sample") ==
        "10 rounds have 349525 histories, since the player's own choices branch too; 100000 are the most. Take fewer "
        "rounds");
  CHECK(shape("ultimatum", Garden::entry("direct"), 3, "argmax").find("given by `payoffs`") != std::string::npos);

  Store other = Store::in_memory();
  CHECK(error_of([&] { grow(garden, other, "late", 4, "argmax"); }).find("its answers are not what it does") !=
        std::string::npos);

  // Nothing but an exact tie is drawn by arg-max.
  struct Even : Model {
    std::string identity() const override { return "even"; }
    Value about() const override { return Value::Record{}; }
    bool can(ReadMode) const override { return true; }
    int room() const override { return 8; }
    void start(Ticket ticket, const Request& request, Mailbox& mailbox) override {
      Reply reply;
      reply.scores.assign(request.labels.size(), std::log(.5));
      mailbox.put(ticket, reply);
    }
  };
  Garden even(folder);
  Store store = Store::in_memory();
  even.models.add("random", std::make_unique<Even>());
  Shuffling unused(1, 1);
  even.model = &unused;
  CHECK(error_of([&] { grow(even, store, "direct", 3, "argmax"); }).find("exact tie in round 1") != std::string::npos);
  Grown grown = grow(even, store, "direct", 3, "sample");
  CHECK(grown.tree.at({}).chance == std::vector<double>{.5, .5});
}

TEST_CASE("tree: forced answers take the place of what is decided, and nothing else changes") {
  Folder folder;
  Garden garden(folder);
  auto player = [](Value::List forced, const char* strategy = "direct") {
    return Garden::entry(strategy).with("sampling", Value::Record{{"forced", std::move(forced)}});
  };
  auto play = [&](const Value& row, std::vector<Hash>* requests) {
    Match match(garden.scripts,
                garden.plan("prisoners_dilemma", row, Garden::entry("always_first", false), 4, "argmax"));
    auto answer = answers();
    for (auto questions = match.advance(); !questions.empty(); questions = match.advance()) {
      for (const Question& question : questions) {
        if (requests) requests->push_back(hash_of(question.request.canonical()));
        match.answer(question.place, answer(question.request));
      }
    }
    return match.transcript();
  };
  std::vector<Hash> free, forced;
  const Transcript one = play(Garden::entry("direct"), &free);
  // What it chose anyhow: the same questions, the same match.
  Value::List chosen;
  for (const QuestionRecord& question : one.questions) chosen.push_back(question.choice);
  play(player(chosen), &forced);
  CHECK(free == forced);
  // The other way round in round 1: asked the same there, with the same scores; then goes on from there by itself.
  const Value other = chosen[0] == Value("defect") ? "cooperate" : "defect";
  forced.clear();
  const Transcript two = play(player({other}), &forced);
  CHECK(forced[0] == free[0]);
  CHECK(forced[1] != free[1]);
  CHECK(two.questions[0].choice == other);
  CHECK(two.questions[0].scores == one.questions[0].scores);
  CHECK(two.status == MatchStatus::whole);
  CHECK(error_of([&] { play(player({"hide"}), nullptr); }) ==
        "sampling of seat 1: forced has 'hide' for answer 1, which is not in cooperate or defect");
  CHECK(error_of([&] { play(player({"defect"}, "cot"), nullptr); })
            .ends_with(
                "cot.lua:6: sampling of seat 1: forced has something for answer 1, to 'think', which is not scored"));
  CHECK(error_of([&] {
          play(Garden::entry("direct").with("sampling", Value::Record{{"forced", "defect"}}), nullptr);
        }) == "tree: sampling of entry 1 of players: forced is a list of actions, not 'defect'");
}

#if PARLEY_LLAMA
TEST_CASE("tree: the model in the box evaluates no beginning of a prompt twice") {
  if (!file_exists(PARLEY_MODEL)) {
    MESSAGE("skipped: no " << PARLEY_MODEL << " (scripts/setup installs it)");
    return;
  }
  // Notes the beginnings of all prompts.
  struct Watched : Model {
    std::unique_ptr<Model> inner;
    std::set<std::vector<int32_t>>* beginnings;
    std::string identity() const override { return inner->identity(); }
    Value about() const override { return inner->about(); }
    bool can(ReadMode read) const override { return inner->can(read); }
    int room() const override { return inner->room(); }
    void start(Ticket ticket, const Request& request, Mailbox& mailbox) override {
      std::vector<int32_t> path;
      for (int32_t token : llama_tokens(*inner, request)) {
        path.push_back(token);
        beginnings->insert(path);
      }
      inner->start(ticket, request, mailbox);
    }
  };
  Folder folder;
  Garden garden(folder);
  std::set<std::vector<int32_t>> beginnings;
  auto watched = std::make_unique<Watched>();
  watched->inner = open_model("llama:" PARLEY_MODEL);
  watched->beginnings = &beginnings;
  const Model& box = *watched->inner;
  garden.models.add("random", std::move(watched));
  Shuffling unused(1, 1);
  garden.model = &unused;
  Store store = Store::in_memory();
  Grown grown = grow(garden, store, "direct", 4, "argmax");
  CHECK(grown.tree.nodes.size() == 15);
  const LlamaCounts counts = llama_counts(box);
  CHECK(counts.prompts == 15);
  CHECK(counts.evaluated - counts.labels == static_cast<int64_t>(beginnings.size()));
}
#endif
