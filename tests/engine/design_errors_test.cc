#include "fake_study.h"

using namespace parley;
using namespace parley::fake;

TEST_CASE("design: errors of fields") {
  auto error = [](Record more) { return error_of(study_of(more)); };
  CHECK(error({{"repeat", 3}}) ==
        "scripts/x.lua: study has no field 'repeat' (did you mean 'repeats'?), and game 'prisoners_dilemma' no such "
        "setting");
  CHECK(error({{"temtation", 3}}) ==
        "scripts/x.lua: study has no field 'temtation', and game 'prisoners_dilemma' no such setting (did you mean "
        "'temptation'?)");
  CHECK(error({{"pie", 3}}) == "scripts/x.lua: study has no field 'pie', and game 'prisoners_dilemma' no such setting");
  CHECK(error({{"analysis", 3}}) == "scripts/x.lua: 'analysis' is a table, { primary = { ... } }, not 3");
  CHECK(error({{"sampling", Record{}}}) ==
        "scripts/x.lua: 'sampling' is said of a player: { sampling = ... } in players");
  CHECK(error({{"game", {}}}) == "scripts/x.lua: study names no game: game = \"prisoners_dilemma\", or vary it");
  CHECK(error({{"game", {}}, {"gme", "prisoners_dilemma"}}) ==
        "scripts/x.lua: study has no field 'gme' (did you mean 'game'?)");
  CHECK(error({{"where", 3}}) == "scripts/x.lua: where is a function of the varied names, not 3");
  CHECK(error({{"game", "prisoner_dilemma"}}) ==
        "scripts/x.lua: there is no game 'prisoner_dilemma' (did you mean 'prisoners_dilemma'?)");
  CHECK(error({{"game", 3}}) == "scripts/x.lua: game is a name, not 3");
  CHECK(error({{"game", "clash"}}) == "games/clash.lua: the setting 'cover' has the name of a study's field");
  CHECK(error({{"reward", "eight"}}) ==
        "scripts/x.lua: setting 'reward' of game 'prisoners_dilemma' is a number, not 'eight'");
  CHECK(error({{"rounds", 0}}) == "scripts/x.lua: rounds is a whole number of 1 or more, not 0");
  CHECK(error({{"rounds", 2.5}}) == "scripts/x.lua: rounds is a whole number of 1 or more, not 2.5");
  CHECK(error({{"repeats", "3"}}) == "scripts/x.lua: repeats is a whole number of 1 or more, not '3'");
  CHECK(error({{"seed", -1}}) == "scripts/x.lua: seed is a whole number of 0 or more, not -1");
  CHECK(error({{"ends", 1}}) == "scripts/x.lua: ends is a chance of 0 or more and below 1, not 1");
  CHECK(error({{"game", "to_the_last"}, {"ends", .1}}) ==
        "scripts/x.lua: ends = 0.1: a match of game 'to_the_last' is played to its last round, which `rounds` says");
  CHECK(error({{"game", "to_the_last"}, {"horizon", .1}}) ==
        "scripts/x.lua: horizon = 0.1: a match of game 'to_the_last' is played to its last round, which `rounds` says");
  CHECK(error({{"game", "to_the_last"}, {"ends", 0}, {"horizon", "hidden"}}) == "no error");
  CHECK(error({{"horizon", "hiden"}}) ==
        "scripts/x.lua: horizon is 'told', 'hidden', a chance below 1 or a whole number of rounds, not 'hiden'");
  CHECK(error({{"horizon", 1.5}}) ==
        "scripts/x.lua: horizon is 'told', 'hidden', a chance below 1 or a whole number of rounds, not 1.5");
  CHECK(error({{"read", "score"}}) ==
        "scripts/x.lua: read is 'scored', 'constrained' or 'text', not 'score' (did you mean 'scored'?)");
  CHECK(error({{"format", "Chat"}}) ==
        "scripts/x.lua: format is 'text', 'chat' or 'messages', not 'Chat' (did you mean 'chat'?)");
  CHECK(error({{"decide", true}}) == "scripts/x.lua: decide is 'argmax' or 'sample', not true");
  CHECK(error({{"cover", List{"plain"}}}) == "scripts/x.lua: cover is a name, not a list");
  CHECK(error({{"model", 3}}) == "scripts/x.lua: model is a name, not 3");
  CHECK(error({{"about", 3}}) == "scripts/x.lua: about is text, not 3");
  CHECK(error({{"unit", List{"vote"}}}) ==
        "scripts/x.lua: unit is a word of prompts/units.txt or both its forms, { 'vote', 'votes' }, not a list");
  CHECK(error({{"cover", "nowhere"}}) == "scripts/x.lua: there is no cover 'nowhere'");
  CHECK(error({{"unit", "nowhere"}}) == "scripts/x.lua: there is no unit 'nowhere'");
  CHECK(error({{"told", "hint"}}) == "scripts/x.lua: no section 'hint' of told");
  CHECK(error({{"told", 3}}) ==
        "scripts/x.lua: told is the name of a section of prompts/told, or a list of them, not 3");
  CHECK(error({{"labels", "JF"}}) ==
        "scripts/x.lua: labels is a list of words, or a table with words for actions, not 'JF'");
  CHECK(error({{"labels", List{"J", "F", "Q"}}}) ==
        "scripts/x.lua: labels is a list of 3, and game 'prisoners_dilemma' has 2 actions (cooperate, defect)");
  CHECK(error({{"labels", List{"J", "J"}}}) == "scripts/x.lua: labels has 'J' twice");
  CHECK(error({{"labels", List{"J", 3}}}) == "scripts/x.lua: a label is a word, not 3");
  CHECK(error({{"labels", List{"J", "F"}}, {"game", "ultimatum"}}) ==
        "scripts/x.lua: labels is a list, and game 'ultimatum' has not one list of actions for all seats: say which "
        "label is "
        "for which action, { accept = 'J' }");
  CHECK(
      error({{"labels", Record{{"coperate", "J"}}}}) ==
      "scripts/x.lua: labels has 'coperate', and game 'prisoners_dilemma' no such action (did you mean 'cooperate'?)");
  CHECK(error({{"labels", Record{{"cooperate", "defect"}}}}) ==
        "scripts/x.lua: labels calls 'cooperate' 'defect', which is what another action is called");
  CHECK(error({{"labels", Record{{"cooperate", "defect"}, {"defect", "cooperate"}}}}) == "no error");
  CHECK(error({{"labels", Record{{"accept", "J"}}}, {"game", "ultimatum"}}) == "no error");
  CHECK(error({{"label_map", "balance"}}) ==
        "scripts/x.lua: label_map is 'balanced', 'given', 'reversed' or a list, not 'balance' (did you mean "
        "'balanced'?)");
  CHECK(error({{"label_map", "each_round"}}) ==
        "scripts/x.lua: label_map is 'balanced', 'given', 'reversed' or a list, not 'each_round'");
  CHECK(error({{"option_order", "each_rund"}}) ==
        "scripts/x.lua: option_order is 'balanced', 'given', 'reversed', 'each_round' or a list, not 'each_rund' (did "
        "you mean "
        "'each_round'?)");
  CHECK(error({{"option_order", List{1, 1}}}) ==
        "scripts/x.lua: option_order: an order is a list that has each number from 1 to its length once, not [1,1]");
  CHECK(error({{"option_order", List{3, 1, 2}}}) ==
        "scripts/x.lua: option_order: an order of 3, and game 'prisoners_dilemma' has 2");
  CHECK(error({{"option_order", List{List{2, 1}, List{1, 2}}}, {"rounds", 3}}) ==
        "scripts/x.lua: option_order has orders for 2 rounds, and there are 3");
  CHECK(error({{"option_order", List{List{2, 1}, List{1, 2}}}, {"rounds", 2}}) == "no error");
  CHECK(error({{"payoff_order", List{2, 1}}}) ==
        "scripts/x.lua: payoff_order: an order of 2, and game 'prisoners_dilemma' has 4");
  CHECK(error({{"payoff_order", List{4, 1, 2, 3}}}) == "no error");
  CHECK(error({{"seats", "swap"}}) == "scripts/x.lua: seats is 'given', 'reversed' or 'balanced', not 'swap'");
  CHECK(error({{"tournament", "knockout"}}) == "scripts/x.lua: tournament is 'round_robin', not 'knockout'");
  CHECK(error({{"tournament", "round_robin"}, {"against", List{}}}) ==
        "scripts/x.lua: a study has tournament or against, not both");
  CHECK(error({{"tournament", "round_robin"}, {"game", "clash"}}) ==
        "games/clash.lua: the setting 'cover' has the name of a study's field");
  CHECK(error({{"tournament", "round_robin"}, {"seats", "balanced"}}) ==
        "scripts/x.lua: seats = 'balanced' is for a list of players that take their seats, and the study has "
        "tournament (see "
        "both_seats)");
  CHECK(error({{"self_play", false}}) == "scripts/x.lua: self_play is for tournament = 'round_robin'");
  CHECK(error({{"both_seats", false}}) ==
        "scripts/x.lua: both_seats is for tournament = 'round_robin' and for against");
  CHECK(error({{"tournament", "round_robin"}, {"both_seats", 1}}) ==
        "scripts/x.lua: both_seats is true or false, not 1");
  CHECK(error({{"tournament", "round_robin"}, {"self_play", false}, {"players", List{entry("direct")}}}) ==
        "scripts/x.lua: one player and no self_play: no match");

  // By the kind of the default; an empty one admits any list or table.
  auto auction = [&](const char* name, Value value) { return error({{"game", "auction"}, {name, std::move(value)}}); };
  CHECK(auction("values", List{1, 2}) == "no error");
  CHECK(auction("values", Record{{"row", 2}}) == "no error");
  CHECK(auction("values", 3) ==
        "scripts/x.lua: setting 'values' of game 'auction' is a list or a table of names, not 3");
  CHECK(auction("names", List{}) == "no error");
  CHECK(auction("names", List{1}) ==
        "scripts/x.lua: setting 'names' of game 'auction' is a table of names, not a list");
  CHECK(auction("order", Record{{"a", 1}}) ==
        "scripts/x.lua: setting 'order' of game 'auction' is a list, not a table of names");
  CHECK(auction("open", "yes") == "scripts/x.lua: setting 'open' of game 'auction' is true or false, not 'yes'");
  CHECK(auction("pays", 1) == "scripts/x.lua: setting 'pays' of game 'auction' is text, not 1");
}

TEST_CASE("design: errors of vary") {
  auto error = [](std::vector<StudyFile::Factor> factors) { return error_of(vary(study_of(), std::move(factors))); };
  CHECK(error({factor("rounds", {10, "ten"})}) ==
        "scripts/x.lua: rounds is a whole number of 1 or more, not 'ten' (level 'ten' of vary.rounds)");
  CHECK(error({factor("repeats", {1, 2})}) == "scripts/x.lua: 'repeats' cannot be varied");
  CHECK(error({factor("measures", {1, 2})}) == "scripts/x.lua: 'measures' cannot be varied");
  CHECK(error({factor("cover", {})}) == "scripts/x.lua: vary.cover has no levels");
  CHECK(error({factor("covr", {"plain", "cooking"})}) ==
        "scripts/x.lua: nothing uses 'covr' of vary: it is no setting of the study or of game 'prisoners_dilemma', and "
        "no "
        "function of the study asks for v.covr (did you mean 'cover'?)");
  CHECK(error({StudyFile::Factor{"story",
                                 {named("plain", Record{{"cover", "plain"}}),
                                  named("cooking", Record{{"cover", "cooking"}, {"unti", "votes"}})}}}) ==
        "scripts/x.lua: level 'cooking' of vary.story sets 'unti', which is no setting of the study or of game "
        "'prisoners_dilemma' (did you mean 'unit'?)");
  CHECK(error({StudyFile::Factor{"story", {named("plain", Record{{"cover", "plain"}, {"unit", 3}})}}}) ==
        "scripts/x.lua: unit is a word of prompts/units.txt or both its forms, { 'vote', 'votes' }, not 3 (level "
        "'plain' of "
        "vary.story)");
  CHECK(error({StudyFile::Factor{"story", {named("plain", Record{{"cover", "plain"}})}}, factor("cover", {"plain"})}) ==
        "scripts/x.lua: 'cover' and 'story' of vary both set cover");
  CHECK(error({factor("game", {"prisoners_dilemma", "ultimatm"})}) ==
        "scripts/x.lua: there is no game 'ultimatm' (did you mean 'ultimatum'?) (vary.game)");
  CHECK(error({factor("temptation", {Record{{"kind", "range"}, {"lo", 3}, {"hi", 1}, {"step", 1}}})}) ==
        "scripts/x.lua: the range of vary.temptation has no numbers, or more than 100000");
  std::vector<Value> many(1001, Value(1));
  CHECK(error({factor("sucker", many), factor("reward", many)}) ==
        "scripts/x.lua: vary crosses to 1002001 conditions, more than 1000000");
}

TEST_CASE("design: errors of players") {
  auto error = [](List players, const char* game = "prisoners_dilemma") {
    return error_of(study_of({{"players", players}, {"game", game}}));
  };
  CHECK(error_of(study_of({{"players", {}}})) == "scripts/x.lua: study names no players");
  CHECK(error_of(study_of({{"players", "direct"}})) ==
        "scripts/x.lua: players is a list of entries, { { strategy = 'direct' } }, not 'direct'");
  CHECK(error({}) == "scripts/x.lua: players is a list of entries, { { strategy = 'direct' } }, not an empty one");
  CHECK(error({"direct", "direct"}) ==
        "scripts/x.lua: entry 1 of players is a table, { strategy = 'direct' }, not 'direct'");
  CHECK(error({Record{{"model", "m"}}, entry("direct")}) == "scripts/x.lua: entry 1 of players names no strategy");
  CHECK(error({Record{{"stragety", "direct"}}, entry("direct")}) ==
        "scripts/x.lua: entry 1 of players has no field 'stragety' (did you mean 'strategy'?)");
  CHECK(error({entry("direct"), entry("altenate")}) ==
        "scripts/x.lua: entry 2 of players: there is no strategy 'altenate' (did you mean 'alternate'?)");
  CHECK(error({entry("direct"), entry("naive_prober", {{"q", .2}})}) ==
        "scripts/x.lua: entry 2 of players has no field 'q', and strategy 'naive_prober' no such setting (did you mean "
        "'p'?)");
  CHECK(error({entry("direct", {{"modell", "m"}}), entry("alternate")}) ==
        "scripts/x.lua: entry 1 of players has no field 'modell' (did you mean 'model'?), and strategy 'direct' no "
        "such setting");
  CHECK(error({entry("direct"), entry("naive_prober", {{"p", "often"}})}) ==
        "scripts/x.lua: setting 'p' of strategy 'naive_prober' is a number, not 'often'");
  CHECK(error({entry("clash"), entry("direct")}) ==
        "strategies/clash.lua: the setting 'model' has the name of a field of a study's players");
  CHECK(error_of(study_of({{"model", {}}})) ==
        "scripts/x.lua: strategy 'direct' asks a model, and entry 1 of players has none: say model = \"...\" there or "
        "in the "
        "study, or --model");
  CHECK(error({entry("direct", {{"model", 3}}), entry("alternate")}) ==
        "scripts/x.lua: model of entry 1 of players is a name, not 3");
  CHECK(error({entry("direct", {{"told", "hint"}}), entry("alternate")}) == "scripts/x.lua: no section 'hint' of told");
  auto sampling = [&](Value value) {
    return error({entry("direct", {{"sampling", std::move(value)}}), entry("alternate")});
  };
  CHECK(sampling("cold") == "scripts/x.lua: sampling of entry 1 of players is a table of names, not 'cold'");
  CHECK(sampling(Record{{"temprature", 1}}) ==
        "scripts/x.lua: sampling of entry 1 of players has no field 'temprature' (did you mean 'temperature'?)");
  CHECK(sampling(Record{{"temperature", -1}}) ==
        "scripts/x.lua: sampling of entry 1 of players: temperature is a number of 0 or more, not -1");
  CHECK(sampling(Record{{"top_p", 0}}) ==
        "scripts/x.lua: sampling of entry 1 of players: top_p is a number above 0, at most 1, not 0");
  CHECK(sampling(Record{{"max_tokens", .5}}) ==
        "scripts/x.lua: sampling of entry 1 of players: max_tokens is a whole number of 1 or more, not 0.5");
  CHECK(sampling(Record{{"seed", "x"}}) ==
        "scripts/x.lua: sampling of entry 1 of players: seed is a whole number of 0 or more, not 'x'");
  CHECK(sampling(Record{{"reasoning", "low"}, {"extra", Record{{"a", 1}}}, {"seed", 0}, {"top_p", 1}}) == "no error");

  CHECK(error({entry("direct")}) ==
        "scripts/x.lua: game 'prisoners_dilemma' has 2 seats (row, column), and players names 1");
  CHECK(error({entry("direct"), entry("direct", {{"times", 2}})}, "ultimatum") ==
        "scripts/x.lua: game 'ultimatum' has 2 seats (proposer, responder), and players names 3");
  CHECK(error({entry("direct")}, "public_goods") ==
        "scripts/x.lua: game 'public_goods' has 2 to 100 seats, and players names 1");
  CHECK(error({entry("direct", {{"times", 0}}), entry("direct")}) ==
        "scripts/x.lua: times of entry 1 of players is a whole number of 1 or more, not 0");
  CHECK(error({entry("direct", {{"seat", "responder"}}), entry("direct")}) ==
        "scripts/x.lua: game 'prisoners_dilemma' has no seat 'responder': it has 2 seats (row, column)");
  CHECK(error({entry("direct", {{"seat", 3}}), entry("direct")}) ==
        "scripts/x.lua: game 'prisoners_dilemma' has no seat 3: it has 2 seats (row, column)");
  CHECK(error({entry("direct", {{"seat", "row"}}), entry("direct", {{"seat", 1}})}) ==
        "scripts/x.lua: two entries of players have the seat 1");
  CHECK(error({entry("direct", {{"seat", "row"}, {"times", 2}})}) ==
        "scripts/x.lua: an entry with times = 2 cannot have one seat");
  CHECK(error({entry("direct", {{"name", ""}}), entry("direct")}) ==
        "scripts/x.lua: name of entry 1 of players is a word, not ''");
  auto duel = [](const char* field, Value value, const char* game, Record first = {}) {
    return error_of(study_of(
        {{field, std::move(value)}, {"game", game}, {"players", List{entry("direct", first), entry("scot")}}}));
  };
  CHECK(duel("tournament", "round_robin", "public_goods") == "no error");
  CHECK(duel("tournament", "round_robin", "prisoners_dilemma", {{"seat", 1}}) ==
        "scripts/x.lua: seat is for a list of players that take their seats, not for a tournament or against");
  CHECK(duel("against", List{entry("alternat")}, "prisoners_dilemma") ==
        "scripts/x.lua: entry 1 of against: there is no strategy 'alternat' (did you mean 'alternate'?)");
  StudyFile file = vary(study_of({{"players", {}}}), {factor("who", {"direct", "scot"})});
  file.players = function([](const auto& v) {
    return v("who") == "scot" ? List{entry("direct"), entry("direct"), entry("scot")}
                              : List{entry("direct"), entry("scot")};
  });
  CHECK(
      error_of(file) ==
      "scripts/x.lua: game 'prisoners_dilemma' has 2 seats (row, column), and players names 3 in condition 'who=scot'");
  CHECK(error_of(study_of(), {{"players", List{entry("x")}, "--set players=..."}}) ==
        "misuse: --set players=...: entry 1 of players: there is no strategy 'x'");
}
