#include "fake_study.h"

using namespace parley;
using namespace parley::fake;

TEST_CASE("design: identity holds where nothing real changes") {
  const Record said{{"rounds", 10}, {"repeats", 3}, {"reward", 7}};
  const StudyFile file = vary(study_of(said), {factor("cover", {"plain", "cooking"}), factor("temptation", {9, 10})});
  const std::set<Hash> before = ids(make(file));
  REQUIRE(before.size() == 12);

  CHECK(ids(make(vary(study_of(said), {factor("temptation", {10, 9}), factor("cover", {"cooking", "plain"})}))) ==
        before);
  // Defaults written down.
  Record written = said;
  for (const auto& [name, value] : std::map<std::string, Value>{
           {"sucker", 0},
           {"ends", 0},
           {"horizon", "told"},
           {"unit", "points"},
           {"format", "chat"},
           {"read", "text"},
           {"decide", "argmax"},
           {"label_map", "balanced"},
           {"option_order", "balanced"},
           {"payoff_order", "balanced"},
           {"seats", "given"},
           {"seed", 1},
           {"labels", List{}},
           {"told", List{}},
           {"about", "x"},
           {"players", List{entry("direct", {{"model", "m"}, {"told", List{}}, {"name", "me"}, {"sampling", Record{}}}),
                            entry("alternate", {{"start", 1}, {"times", 1}, {"seat", 2}})}}}) {
    written.insert_or_assign(name, value);
  }
  CHECK(ids(make(vary(study_of(written), file.factors))) == before);
  // Another name for the same model file.
  Record alias = said;
  alias["model"] = "alias";
  CHECK(ids(make(vary(study_of(alias), file.factors))) == before);
  // Factors and levels under other names: as a bundle.
  CHECK(ids(make(vary(study_of(said),
                      {StudyFile::Factor{
                           "tale", {named("a", Record{{"cover", "cooking"}}), named("b", Record{{"cover", "plain"}})}},
                       StudyFile::Factor{"sweep",
                                         {named("low", Record{{"temptation", 9}}),
                                          named("high", Record{{"temptation", 10}})}}}))) == before);
  // Players as a function, and by the word of a factor.
  StudyFile by_word = vary(study_of(said), {factor("cover", {"plain", "cooking"}), factor("temptation", {9, 10}),
                                            factor("strategy", {"direct", "scot"})});
  by_word.players = function([](const auto& v) {
    return List{entry(v("strategy").string().c_str()), entry("alternate")};
  });
  CHECK(shared(before, ids(make(by_word))) == 12);
  // Factors added at their default level: what was is kept, and as much again is new.
  for (const StudyFile::Factor& added :
       {factor("unit", {"points", "coins"}), factor("sucker", {-1, 0}), factor("told", {List{}, "hints/errs"}),
        factor("label_map", {"given", "balanced"}), factor("labels", {List{}, List{"J", "F"}}),
        factor("horizon", {"told", "hidden"}), factor("seats", {"given", "reversed"}),
        factor("read", {"text", "scored"})}) {
    CAPTURE(added.name);
    StudyFile more = file;
    more.factors.push_back(added);
    const std::set<Hash> after = ids(make(more));
    CHECK(after.size() == 24);
    CHECK(shared(before, after) == 12);
  }
  // A level added; more blocks.
  CHECK(shared(before, ids(make(vary(study_of(said), {factor("cover", {"project", "plain", "cooking"}),
                                                      factor("temptation", {9, 10})})))) == 12);
  CHECK(shared(before, ids(make(file, {{"repeats", 5, "--repeats 5"}}))) == 12);
  // rounds of the game's own; a game without rounds.
  CHECK(ids(make(study_of({{"rounds", 1}}))) == ids(make(study_of())));
  CHECK(ids(make(study_of({{"game", "public_goods"}, {"rounds", 10}}))) ==
        ids(make(study_of({{"game", "public_goods"}}))));
  // Scored reading has a format of its own; arg-max is a matter of scored reading alone.
  CHECK(ids(make(study_of({{"read", "scored"}, {"format", "text"}}))) == ids(make(study_of({{"read", "scored"}}))));
  CHECK(ids(make(study_of({{"decide", "sample"}}))) == ids(make(study_of())));
  // A local model's sampling, written down.
  CHECK(ids(make(
            study_of({{"model", "llama:m"},
                      {"players", List{entry("direct", {{"sampling", Record{{"temperature", 1}, {"max_tokens", 512}}}}),
                                       entry("alternate")}}}))) == ids(make(study_of({{"model", "llama:m"}}))));
}

TEST_CASE("design: identity changes with anything real") {
  std::set<Hash> seen = ids(make(study_of()));
  auto differs = [&seen](Record more) {
    const std::set<Hash> now = ids(make(study_of(more)));
    CAPTURE(to_json(more));
    CHECK(shared(seen, now) == 0);
    seen.insert(now.begin(), now.end());
  };
  differs({{"game", "battle_of_the_sexes"}});
  differs({{"reward", 7}});
  differs({{"temptation", 7}});
  differs({{"rounds", 2}});
  differs({{"ends", .5}});
  differs({{"horizon", "hidden"}});
  differs({{"horizon", .5}});
  differs({{"horizon", 5}});
  differs({{"cover", "cooking"}});
  differs({{"unit", "coins"}});
  differs({{"unit", List{"vote", "votes"}}});
  differs({{"format", "messages"}});
  differs({{"read", "scored"}});
  differs({{"read", "scored"}, {"decide", "sample"}});
  differs({{"labels", List{"J", "F"}}});
  differs({{"labels", List{"F", "J"}}});
  differs({{"labels", Record{{"cooperate", "J"}}}});
  differs({{"label_map", "given"}});
  differs({{"option_order", "reversed"}});
  differs({{"option_order", "each_round"}});
  differs({{"option_order", List{2, 1}}});
  differs({{"payoff_order", "given"}});
  differs({{"seats", "reversed"}});
  differs({{"seats", "balanced"}});
  differs({{"seed", 2}});
  differs({{"model", "x"}});
  differs({{"told", "hints/errs"}});
  differs({{"players", List{entry("alternate"), entry("direct")}}});
  differs({{"players", List{entry("scot"), entry("alternate")}}});
  differs({{"players", List{entry("direct"), entry("alternate", {{"start", 2}})}}});
  differs({{"players", List{entry("direct", {{"told", "hints/once"}}), entry("alternate")}}});
  differs({{"players", List{entry("direct", {{"sampling", Record{{"temperature", 0}}}}), entry("alternate")}}});
}

TEST_CASE("design: numbers of null levels, equal entries and shared line-ups") {
  Design design = make(vary(study_of({{"repeats", 2}}), {factor("cover", {"plain", "cooking", "plain"})}));
  const auto& c = design.conditions();
  CHECK(c[0]->number == 1);
  CHECK(c[1]->number == 1);
  CHECK(c[2]->number == 2);
  CHECK(c[0]->id != c[2]->id);
  CHECK(ids(design).size() == 6);
  CHECK(design.warnings().empty());  // "#2" says that it is meant
  CHECK(shared(ids(make(study_of({{"repeats", 2}}))), ids(design)) == 2);
  design = make(vary(study_of({{"read", "scored"}}), {factor("cover", {"plain", "plain"})}));
  CHECK(design.warnings() ==
        Names{"scripts/x.lua: conditions 'cover=plain' and 'cover=plain#2' differ in nothing: choices scored "
              "and decided by arg-max show no noise, but for what players that draw bring in"});
  design = make(
      vary(study_of({{"game", {}}}), {factor("game", {"prisoners_dilemma", "ultimatum"}), factor("pie", {100, 50})}));
  CHECK(design.warnings() == Names{"scripts/x.lua: conditions 'game=prisoners_dilemma pie=100' and "
                                   "'game=prisoners_dilemma pie=50' differ in nothing"});

  // Two equal entries: each pair of contents is numbered.
  design = make(study_of({{"tournament", "round_robin"}, {"players", List{entry("direct"), entry("direct")}}}));
  REQUIRE(design.size() == 4);
  for (int i = 0; i < 4; ++i) CHECK(design.lineups(0)[static_cast<size_t>(i)]->number == i + 1);
  ids(design);
  // One more entry takes nothing away.
  CHECK(shared(ids(design),
               ids(make(study_of({{"tournament", "round_robin"},
                                  {"players", List{entry("direct"), entry("scot"), entry("direct")}}})))) == 4);

  // Conditions of one content that have some line-ups in common play them twice.
  StudyFile file = vary(study_of({{"tournament", "round_robin"}}), {factor("third", {"scot", "tit_for_tat"})});
  file.players = function([](const auto& v) {
    return List{entry("direct"), entry("alternate"), entry(v("third").string().c_str())};
  });
  design = make(file);
  CHECK(design.conditions()[0]->id == design.conditions()[1]->id);
  CHECK(ids(design).size() == 18);
  CHECK(design.lineups(1)[1]->number == 2);  // direct, alternate
  CHECK(design.lineups(1)[2]->number == 1);  // direct, tit_for_tat
}
