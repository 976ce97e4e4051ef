#include "study/design.h"

#include "fake_study.h"

using namespace parley;
using namespace parley::fake;

TEST_CASE("design: defaults") {
  const Design design = make(study_of());
  CHECK(design.size() == 1);
  CHECK(design.seed() == 1);
  CHECK(design.repeats() == 1);
  REQUIRE(design.conditions().size() == 1);
  const Condition& condition = *design.conditions()[0];
  const Rules& rules = condition.rules;
  CHECK(condition.name == "");
  CHECK(condition.number == 1);
  CHECK(rules.game == "prisoners_dilemma");
  CHECK(rules.settings == Value(Record{}));
  CHECK(*rules.rounds == 1);
  CHECK(rules.ends == 0);
  CHECK(rules.horizon.kind == Horizon::Kind::told);
  CHECK(rules.cover == "plain");
  CHECK(rules.unit == "points");
  CHECK(rules.format == "chat");
  CHECK(rules.read == "text");
  CHECK(rules.decide == "argmax");
  CHECK(rules.labels.is_nil());
  CHECK(rules.label_map == "balanced");
  CHECK(rules.seats == "given");
  const auto plan = design.at(0);
  CHECK(plan->block == 1);
  CHECK(plan->seed == 1);
  CHECK(plan->condition == design.conditions()[0]);
  const auto& players = plan->lineup->players;
  REQUIRE(players.size() == 2);
  CHECK(players[0].name == "direct");
  CHECK(players[0].model == "m");
  CHECK(players[0].model_identity == "id of m");
  CHECK(players[0].sampling == Value(Record{}));  // nothing is sent
  CHECK(players[1].name == "alternate");
  CHECK(players[1].model == "");
  CHECK(players[1].sampling.is_nil());
  CHECK(
      to_json(design.resolved()) ==
      R"({"cover":"plain","decide":"argmax","ends":0,"format":"chat","game":"prisoners_dilemma","horizon":"told",)"
      R"("label_map":"balanced","labels":[],"matching":"partners","model":"m","option_order":"balanced","payoff_order":"balanced",)"
      R"("punishment":5,"read":"text","repeats":1,"reward":8,"rounds":1,"seats":"given","seed":1,"sucker":0,)"
      R"("temptation":10,"told":[],"unit":"points"})");
  CHECK(
      to_json(design.resolved(*plan->lineup)) ==
      R"([{"model":"m","model_identity":"id of m","name":"direct","sampling":{},"settings":{},"strategy":"direct","told":[]},)"
      R"({"name":"alternate","settings":{"start":1},"strategy":"alternate"}])");
  CHECK(design.warnings().empty());

  const Design scored = make(study_of({{"read", "scored"}, {"model", "llama:m.gguf"}, {"game", "public_goods"}}));
  CHECK(scored.conditions()[0]->rules.format == "text");
  CHECK(*scored.conditions()[0]->rules.rounds == 10);
  CHECK(to_json(scored.at(0)->lineup->players[0].sampling) == R"({"max_tokens":512,"temperature":1})");
}

TEST_CASE("design: the command line above vary above the study above the default") {
  StudyFile file = vary(study_of({{"reward", 7}, {"temptation", 11}}), {factor("temptation", {12, 13})});
  Design design = make(file);
  CHECK(design.conditions()[1]->rules.settings == Value(Record{{"reward", 7}, {"temptation", 13}}));
  CHECK(design.resolved()["reward"] == 7);
  CHECK(design.resolved()["temptation"].is_nil());
  CHECK(design.resolved()["vary"] == Value(Record{{"temptation", List{"12", "13"}}}));
  CHECK(design.resolved(1)["temptation"] == 13);
  CHECK(design.resolved(1)["sucker"] == 0);

  design = make(file, {override_of("reward=6"), override_of("temptation=14"), {"repeats", 3, "--repeats 3"}});
  CHECK(names(design) == Names{"temptation=14"});
  CHECK(design.conditions()[0]->rules.settings == Value(Record{{"reward", 6}, {"temptation", 14}}));
  CHECK(design.size() == 3);

  // A factor set by its own name keeps one level.
  file = vary(study_of(), {StudyFile::Factor{"story",
                                             {named("plain", Record{{"cover", "plain"}}),
                                              named("cooking", Record{{"cover", "cooking"}, {"unit", "votes"}})}},
                           factor("labels", {List{"J", "F"}, List{"Q", "X"}})});
  design = make(file, {override_of("story=cooking")});
  CHECK(names(design) == Names{"labels=J, F story=cooking", "labels=Q, X story=cooking"});
  CHECK(design.conditions()[0]->rules.unit == "votes");
  design = make(file, {override_of("unit=coins")});
  CHECK(design.conditions().size() == 4);
  for (const auto& condition : design.conditions()) CHECK(condition->rules.unit == "coins");
  CHECK(error_of(file, {override_of("story=cookin")}) ==
        "misuse: --set story=cookin: 'story' of vary has no level 'cookin' (did you mean 'cooking'?)");
  CHECK(error_of(file, {override_of("rounds=ten")}) ==
        "misuse: --set rounds=ten: rounds is a whole number of 1 or more, not 'ten'");
  CHECK(error_of(file, {override_of("repeat=3")}) ==
        "misuse: --set repeat=3: study has no field 'repeat' (did you mean 'repeats'?), and game 'prisoners_dilemma' "
        "no such "
        "setting");
  CHECK(error_of(file, {override_of("vary=3")}) == "misuse: --set vary=3: vary stands in the study");
  CHECK(override_of("labels=[\"J\",\"F\"]").value == Value(List{"J", "F"}));
  CHECK(override_of("horizon=.5").value == .5);
  CHECK(override_of("sucker=-.5").value == -.5);
  CHECK(override_of("cover=..").value == "..");
  CHECK(override_of("about=null").value == "null");
  CHECK(override_of("about=").value == "");
  CHECK_THROWS_WITH_AS(override_of("rounds"), "--set takes NAME=VALUE, not 'rounds'", Misuse);

  // A factor that is a word for players, set to one of its levels or to something else.
  StudyFile by_word = vary(study_of(), {factor("who", {"direct", "alternate"})});
  by_word.players = function([](const auto& v) { return List{entry(v("who").string().c_str()), entry("alternate")}; });
  CHECK(pairs(make(by_word, {override_of("who=alternate")})) == "alternate, alternate");
  design = make(by_word, {override_of("who=scot")});
  CHECK(names(design) == Names{"who=scot"});
  CHECK(pairs(design) == "scot, alternate");
  CHECK(make(by_word, {override_of("told=[\"hints/errs\"]")}).at(0)->condition->rules.game == "prisoners_dilemma");

  // --model is the study's, not an entry's.
  design = make(study_of({{"players", List{entry("direct"), entry("direct", {{"model", "own"}})}}}),
                {{"model", "other", "--model other"}});
  CHECK(design.at(0)->lineup->players[0].model == "other");
  CHECK(design.at(0)->lineup->players[1].model == "own");
}

TEST_CASE("design: levels and their names") {
  StudyFile file = study_of();
  Record range{{"kind", "range"}, {"lo", 9}, {"hi", 10}, {"step", .5}};
  StudyFile::Factor as_names{"temptation", {}};
  for (const auto& [name, value] : range) as_names.levels.push_back(named(name.c_str(), value));
  for (const auto& sweep : {as_names, factor("temptation", {range})}) {
    const Design design = make(vary(file, {sweep}));
    CHECK(names(design) == Names{"temptation=9", "temptation=9.5", "temptation=10"});
    CHECK(design.conditions()[2]->rules.settings == Value(Record{}));
  }
  CHECK(names(make(vary(file, {factor("told", {List{}, "hints/errs", List{"personas/greedy", "hints/errs"}})}))) ==
        Names{"told=none", "told=hints/errs", "told=personas/greedy, hints/errs"});
  CHECK(names(make(vary(file, {factor("cover", {"plain", "cooking", "plain", "plain"})}))) ==
        Names{"cover=plain", "cover=cooking", "cover=plain#2", "cover=plain#3"});

  // Bundles without names, and an empty one beside them.
  file = vary(file,
              {factor("end_of_play", {Record{{"rounds", 20}}, Record{{"rounds", 200}, {"ends", .1}, {"horizon", .1}}}),
               StudyFile::Factor{"story", {named("none", List{}), named("cooking", Record{{"cover", "cooking"}})}}});
  Design design = make(file);
  CHECK(names(design) == Names{"end_of_play=rounds 20 story=none", "end_of_play=rounds 20 story=cooking",
                               "end_of_play=ends 0.1, horizon 0.1, rounds 200 story=none",
                               "end_of_play=ends 0.1, horizon 0.1, rounds 200 story=cooking"});
  CHECK(design.conditions()[3]->levels ==
        Value(Record{{"end_of_play", "ends 0.1, horizon 0.1, rounds 200"}, {"story", "cooking"}}));
  CHECK(design.conditions()[3]->rules.horizon.kind == Horizon::Kind::chance);
  CHECK(design.conditions()[3]->rules.horizon.value == .1);
  CHECK(design.conditions()[2]->rules.cover == "plain");

  // Functions see a level's value, a named bundle's name, and the settings that bundles set.
  file.where = function([](const auto& v) { return v("story") == "none" || v("rounds") == 200; });
  CHECK(names(make(file)) == Names{"end_of_play=rounds 20 story=none",
                                   "end_of_play=ends 0.1, horizon 0.1, rounds 200 story=none",
                                   "end_of_play=ends 0.1, horizon 0.1, rounds 200 story=cooking"});
  file.where = function([](const auto& v) { return v("cover") == "cooking" && v("ends") == 0; });
  CHECK(names(make(file)) == Names{"end_of_play=rounds 20 story=cooking"});
  file.where = function([](const auto&) { return Value(false); });
  CHECK(error_of(file) == "scripts/x.lua: where drops every condition");
}

TEST_CASE("design: players as a function, games varied") {
  StudyFile file = vary(study_of({{"players", {}}, {"game", {}}, {"pie", 50}}),
                        {factor("game", {"prisoners_dilemma", "ultimatum"}), factor("strategy", {"direct", "scot"})});
  file.players = function([](const auto& v) {
    return List{entry(v("strategy").string().c_str()), entry("alternate")};
  });
  const Design design = make(file);
  CHECK(names(design) == Names{"game=prisoners_dilemma strategy=direct", "game=prisoners_dilemma strategy=scot",
                               "game=ultimatum strategy=direct", "game=ultimatum strategy=scot"});
  CHECK(pairs(design, 1) == "scot, alternate");
  CHECK(design.game(2).name == "ultimatum");
  CHECK(design.conditions()[0]->rules.settings == Value(Record{}));
  CHECK(design.conditions()[2]->rules.settings == Value(Record{{"pie", 50}}));
  // Conditions that differ in their players alone share an identity; their matches do not.
  CHECK(design.conditions()[0]->id == design.conditions()[1]->id);
  CHECK(design.conditions()[0]->number == design.conditions()[1]->number);
  ids(design);
  CHECK(design.resolved()["game"].is_nil());
  CHECK(design.resolved()["pie"].is_nil());

  file.players = function([](const auto& v) { return List{entry(v("stategy").string().c_str())}; });
  CHECK(error_of(file) == "scripts/x.lua:7: v.stategy is not varied");
  file.players = function([](const auto&) { return List{entry("direct"), entry("alternate")}; });
  CHECK(error_of(file) ==
        "scripts/x.lua: nothing uses 'strategy' of vary: it is no setting of the study or of games 'prisoners_dilemma' "
        "and "
        "'ultimatum', and no function of the study asks for v.strategy");
}

TEST_CASE("design: line-ups") {
  const List six = {entry("tit_for_tat"), entry("alternate"), entry("naive_prober"),
                    entry("frozen"),      entry("direct"),    entry("scot")};
  StudyFile file = study_of({{"tournament", "round_robin"}, {"players", six}, {"repeats", 2}});
  CHECK(make(file).size() == 72);
  file = study_of({{"tournament", "round_robin"}, {"players", six}, {"self_play", false}});
  CHECK(make(file).size() == 30);
  file = study_of({{"tournament", "round_robin"}, {"players", six}, {"both_seats", false}});
  CHECK(make(file).size() == 21);
  const List two = {entry("direct"), entry("alternate")};
  CHECK(pairs(make(study_of({{"tournament", "round_robin"}, {"players", two}}))) ==
        "direct, direct | direct, alternate | alternate, direct | alternate, alternate");

  // both_seats = false: the seats swapped from block to block.
  file = study_of(
      {{"tournament", "round_robin"}, {"players", two}, {"both_seats", false}, {"self_play", false}, {"repeats", 6}});
  const Design design = make(file);
  REQUIRE(design.size() == 6);
  for (uint64_t i = 0; i < 6; i += 2) {
    CHECK(design.at(i)->lineup->players[0].name != design.at(i + 1)->lineup->players[0].name);
  }
  file = study_of({{"tournament", "round_robin"}, {"players", two}, {"repeats", 6}});
  CHECK(shared(ids(design), ids(make(file))) == 6);  // its matches are some of those of both seats

  CHECK(
      pairs(make(study_of({{"players", two}, {"against", List{entry("tit_for_tat"), entry("scot")}}}))) ==
      "direct, tit_for_tat | tit_for_tat, direct | direct, scot | scot, direct | alternate, tit_for_tat | tit_for_tat, "
      "alternate | alternate, scot | scot, alternate");
  CHECK(make(study_of({{"players", two}, {"against", two}, {"both_seats", false}})).size() == 4);
  file = vary(study_of(), {factor("other", {"scot", "alternate"})});
  file.against = function([](const auto& v) { return List{entry(v("other").string().c_str())}; });
  CHECK(pairs(make(file), 0) == "direct, scot | scot, direct | alternate, scot | scot, alternate");

  CHECK(pairs(make(
            study_of({{"game", "public_goods"}, {"players", List{entry("direct", {{"times", 3}}), entry("scot")}}}))) ==
        "direct, direct, direct, scot");
  CHECK(pairs(make(study_of(
            {{"game", "ultimatum"}, {"players", List{entry("direct"), entry("scot", {{"seat", "proposer"}})}}}))) ==
        "scot, direct");
  CHECK(pairs(make(study_of({{"game", "public_goods"},
                             {"players", List{entry("direct", {{"times", 2}}), entry("scot", {{"seat", 1}}),
                                              entry("alternate", {{"seat", "player3"}})}}}))) ==
        "scot, direct, alternate, direct");
}

TEST_CASE("design: seats") {
  CHECK(pairs(make(study_of({{"seats", "reversed"}}))) == "alternate, direct");
  const Design design = make(study_of({{"seats", "balanced"}, {"repeats", 8}}));
  int swapped = 0;
  for (uint64_t i = 0; i < 8; ++i) {
    const auto plan = design.at(i);
    const bool swap = plan->lineup->players[0].name == "alternate";
    CHECK(swap == (balanced_level(Nuisance::seats, 2, plan->block, 1) == 1));
    swapped += swap;
  }
  CHECK(swapped == 4);
  CHECK(
      error_of(study_of({{"seats", "balanced"}, {"game", "inspection"}})) ==
      "scripts/x.lua: seats = 'balanced' is for two seats with the same action set, and game 'inspection' has not one "
      "declared for both");
  CHECK(error_of(study_of({{"seats", "balanced"}, {"game", "ultimatum"}})) ==
        "scripts/x.lua: seats = 'balanced' is for two seats with the same action set, and game 'ultimatum' has not one "
        "declared for both");
  CHECK(error_of(study_of({{"seats", "balanced"}, {"game", "public_goods"}})) == "no error");
  CHECK(error_of(study_of(
            {{"seats", "balanced"}, {"game", "public_goods"}, {"players", List{entry("direct", {{"times", 3}})}}})) ==
        "scripts/x.lua: seats = 'balanced' is for two seats, and players names 3");
}

TEST_CASE("design: names of players") {
  auto of = [](List players, Record more = {}) {
    more.insert_or_assign("players", players);
    if (!more.count("tournament") && players.size() != 2) more.insert_or_assign("game", "public_goods");
    Names out;
    const Design design = make(study_of(more));
    for (const Player& player : design.players()) out.push_back(player.name);
    return out;
  };
  CHECK(of({entry("direct"), entry("direct", {{"model", "x"}})}) == Names{"direct", "direct@x"});
  CHECK(of({entry("direct", {{"model", "llama:a/b.gguf"}}), entry("direct", {{"model", "llama:c.gguf"}})}) ==
        Names{"direct@b", "direct@c"});
  CHECK(of({entry("direct", {{"model", "llama:a/b.gguf"}}), entry("direct", {{"model", "llama:c/b.gguf"}})}) ==
        Names{"direct@llama:a/b.gguf", "direct@llama:c/b.gguf"});
  CHECK(of({entry("naive_prober"), entry("naive_prober", {{"p", .2}})}) == Names{"naive_prober", "naive_prober p=0.2"});
  CHECK(of({entry("naive_prober", {{"p", .2}}), entry("direct")}) == Names{"naive_prober", "direct"});
  CHECK(of({entry("direct"), entry("direct", {{"told", List{"hints/errs", "personas/greedy"}}})}) ==
        Names{"direct", "direct told=hints/errs,personas/greedy"});
  CHECK(of({entry("direct"), entry("direct", {{"sampling", Record{{"temperature", 0}}}})}) ==
        Names{"direct", "direct temperature=0"});
  CHECK(of({entry("direct", {{"model", "llama:m"}}),
            entry("direct", {{"model", "llama:m"}, {"sampling", Record{{"temperature", 0}}}})}) ==
        Names{"direct temperature=1", "direct temperature=0"});
  // Sampling goes without saying where the model tells two apart.
  CHECK(of({entry("direct"), entry("direct", {{"model", "llama:x"}})}) == Names{"direct", "direct@x"});
  CHECK(of({entry("direct"), entry("direct")}) == Names{"direct"});  // equal: one player in both seats
  CHECK(of({entry("direct", {{"name", "me"}}), entry("direct", {{"name", "you"}})}) == Names{"me", "you"});
  CHECK(of({entry("scot", {{"name", "direct"}}), entry("direct")}) == Names{"direct", "direct#2"});
  // Equal entries of a tournament are two players.
  CHECK(of({entry("direct"), entry("direct"), entry("scot", {{"times", 2}})}, {{"tournament", "round_robin"}}) ==
        Names{"direct", "scot", "direct#2", "scot#2"});
  // One name over all conditions: each for one player.
  const Design design = make(vary(study_of(), {factor("model", {"m", "x"}), factor("told", {List{}, "hints/errs"})}));
  CHECK(pairs(design, 0) == "direct@m, alternate");
  CHECK(pairs(design, 1) == "direct@m told=hints/errs, alternate");
  CHECK(pairs(design, 3) == "direct@x told=hints/errs, alternate");
  CHECK(error_of(study_of({{"players", List{entry("direct", {{"name", "a"}}), entry("scot", {{"name", "a"}})}}})) ==
        "scripts/x.lua: two different players are named 'a'");
}

TEST_CASE("design: what players are told, and sampling") {
  Design design = make(study_of(
      {{"told", List{"hints/errs", "personas/fair"}},
       {"players", List{entry("direct", {{"told", List{"personas/greedy", "hints/errs"}}}), entry("alternate")}}}));
  CHECK(design.at(0)->lineup->players[0].told == Names{"hints/errs", "personas/fair", "personas/greedy"});
  CHECK(design.at(0)->lineup->players[1].told.empty());
  design = make(
      study_of({{"model", "llama:m"},
                {"players", List{entry("direct", {{"sampling", Record{{"temperature", .7}}}}), entry("alternate")}}}));
  CHECK(to_json(design.at(0)->lineup->players[0].sampling) == R"({"max_tokens":512,"temperature":0.7})");
  // Fixed rules get no model and are told nothing, whatever is said of them.
  design = make(
      study_of({{"players", List{entry("alternate", {{"model", "m"}, {"told", "hints/errs"}}), entry("alternate")}}}));
  CHECK(design.warnings() ==
        Names{"scripts/x.lua: strategy 'alternate' has no prompts and asks no model: 'model' does nothing",
              "scripts/x.lua: strategy 'alternate' has no prompts and asks no model: 'told' does nothing"});
  CHECK(design.at(0)->lineup->players[0].model == "");
  CHECK(make(study_of({{"model", {}}, {"players", List{entry("alternate"), entry("alternate")}}})).size() == 1);
  Fake fake;
  Design::make(vary(study_of(), {factor("cover", {"plain", "cooking"})}), fake.lookup);
  CHECK(fake.model_calls == 1);
}

TEST_CASE("design: labels that are the actions' own names") {
  CHECK(make(study_of({{"labels", List{"cooperate", "defect"}}})).warnings() ==
        Names{"scripts/x.lua: labels are the actions' own names, and label_map = 'balanced' gives them to other "
              "actions: leave "
              "labels out"});
  CHECK(make(study_of({{"labels", List{"cooperate", "defect"}}, {"label_map", "given"}})).warnings().empty());
}

TEST_CASE("design: order of matches") {
  const Record said{{"repeats", 5}};
  const StudyFile file =
      vary(study_of(said), {factor("temptation", {9, 10, 11}), factor("cover", {"plain", "cooking", "project"})});
  const Design design = make(file), again = make(file), other = make(file, {override_of("seed=2")});
  REQUIRE(design.size() == 45);
  std::vector<uint32_t> first, second, others;
  for (uint64_t i = 0; i < 45; ++i) {
    const auto where = design.where(i);
    CHECK(where.block == i / 9 + 1);
    CHECK(design.at(i)->block == where.block);
    CHECK(design.at(i)->condition == design.conditions()[where.condition]);
    CHECK(design.at(i)->id == again.at(i)->id);
    if (i < 9) first.push_back(where.condition);
    if (i >= 9 && i < 18) second.push_back(where.condition);
    if (i < 9) others.push_back(other.where(i).condition);
  }
  CHECK(first != second);
  CHECK(first != others);
  CHECK(std::set<uint32_t>(first.begin(), first.end()).size() == 9);

  // Every place of a block is equally likely.
  for (int n : {2, 3, 5}) {
    std::vector<Value> levels;
    for (int i = 0; i < n; ++i) levels.emplace_back(i);
    const Design many = make(vary(study_of({{"repeats", 2000}}), {factor("sucker", levels)}));
    std::map<std::pair<uint64_t, uint32_t>, int> times;
    std::map<std::vector<uint32_t>, int> orders;
    for (uint64_t block = 0; block < 2000; ++block) {
      std::vector<uint32_t> order;
      for (uint64_t i = 0; i < static_cast<uint64_t>(n); ++i) {
        order.push_back(many.where(block * static_cast<uint64_t>(n) + i).condition);
        ++times[{i, order.back()}];
      }
      ++orders[order];
    }
    for (const auto& [key, count] : times) {
      CHECK(count > 2000 / n - 150);
      CHECK(count < 2000 / n + 150);
    }
    CHECK(orders.size() == (n == 2 ? 2 : n == 3 ? 6 : 120));
  }
}

TEST_CASE("design: a large study is computed, not stored") {
  std::vector<Value> levels;
  for (int i = 0; i < 100; ++i) levels.emplace_back(i);
  const Design design = make(vary(study_of({{"repeats", 1000}}), {factor("sucker", levels), factor("reward", levels)}));
  REQUIRE(design.size() == 10000000);
  std::set<uint32_t> seen;
  for (uint64_t i = 0; i < 10000; ++i) seen.insert(design.where(i).condition);
  CHECK(seen.size() == 10000);
  CHECK(design.at(9999999)->block == 1000);
}
