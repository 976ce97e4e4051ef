#include "study/run.h"

#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "base/error.h"
#include "base/json.h"
#include "lab.h"
#include "study/replay.h"

using namespace parley;
using namespace parley::test;

namespace {

const char* kStudy = R"(study {
  game = "prisoners_dilemma", rounds = 4, repeats = 3, model = "random", read = "text",
  vary = { strategy = { "direct", "scot", "self_consistency" }, labels = { { "J", "F" }, { "Q", "X" } } },
  players = function(v) return { { strategy = v.strategy }, { strategy = "naive_prober" } } end,
})";

double number(const Store& store, const std::string& sql) { return store.query(sql)[0][0].number(); }

}  // namespace

TEST_CASE("run: a study ends, a second run asks nothing, and verify derives every row") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", kStudy);
  Store store = Store::in_memory();
  Lab lab(folder, study);
  Progress progress = lab.run(store);
  CHECK(progress.planned == 18);
  CHECK(progress.whole == 18);
  CHECK(progress.asked > 18 * 4);
  Lab again(folder, study);
  Progress second = again.run(store);
  CHECK(second.nothing_to_do());
  CHECK(again.model->asked == 0);
  Verified verified = verify(store, false);
  CHECK(verified.matches == 18);
  CHECK(verified.differing == 0);
  CHECK(verified.first == "");
}

TEST_CASE("run: what is kept in short gives the rows that its events give") {
  for (const char* game : {"'prisoners_dilemma'", "'inspection'"}) {
    Folder folder;
    std::string study =
        folder.write("scripts/study.lua", std::string("study { rounds = 9, ends = .2, repeats = 8, game = ") + game +
                                              ", players = { { strategy = 'random' }, { strategy = 'random' } } }");
    Store store = Store::in_memory();
    Lab lab(folder, study);
    lab.run(store);
    for (const StoredMatch& match : store.matches(false)) {
      auto plan = std::make_shared<const Plan>(store.plan_of(match.row));
      Transcript t = replay(lab.scripts(), plan, 0, {}, {});
      REQUIRE(t.table);
      CHECK(t.choices() == 2 * static_cast<size_t>(t.rounds));
      CHECK(!store.compare(match.row, t));
      t.spell_out();
      CHECK(!t.table);
      CHECK(t.choices() == 2 * static_cast<size_t>(t.rounds));
      auto different = store.compare(match.row, t);
      CHECK_MESSAGE(!different, (different ? different->table + " " + different->column : ""));
    }
  }
}

TEST_CASE("run: whatever the order of arrival and the number in flight, the rows are the same") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", kStudy);
  std::vector<Hash> digests;
  for (auto [room, seed] : std::vector<std::pair<int, unsigned>>{{1, 1}, {7, 2}, {64, 3}, {1000, 4}}) {
    Store store = Store::in_memory();
    Lab lab(folder, study, room, seed);
    lab.run(store);
    digests.push_back(store.digest());
  }
  for (const Hash& digest : digests) CHECK(digest == digests[0]);
}

TEST_CASE("run: stopped anywhere and taken up again, it ends with the same rows and asks nothing twice") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", kStudy);
  Store whole = Store::in_memory();
  Lab undisturbed(folder, study, 16);
  undisturbed.run(whole);
  for (int steps = 1; steps <= 20; ++steps) {
    Folder place;
    int asked = 0;
    {
      Store store = Store::open(place.path() + "/x.db", Store::Mode::write);
      Lab lab(folder, study, 1 + steps % 5, static_cast<unsigned>(steps));
      lab.run(store, {}, steps);
      asked += static_cast<int>(number(store, "SELECT count(*) FROM answer"));
    }
    Store store = Store::open(place.path() + "/x.db", Store::Mode::write);
    Lab lab(folder, study, 16);
    Progress progress = lab.run(store);
    CHECK(progress.whole + progress.already == 18);
    CHECK(store.digest() == whole.digest());
    CHECK(lab.model->asked + asked == undisturbed.model->asked);
  }
}

TEST_CASE("run: what fails for now is asked again as it was, and the rows are those of an undisturbed run") {
  // Fails each request twice before it answers as scripted:random does.
  struct Busy : Model {
    std::unique_ptr<Model> inner = open_model("scripted:random");
    std::map<std::string, int> tries;  // by all that a model may look at
    std::string identity() const override { return inner->identity(); }
    Value about() const override { return inner->about(); }
    bool can(ReadMode) const override { return true; }
    int room() const override { return 16; }
    void start(Ticket ticket, const Request& request, Mailbox& mailbox) override {
      std::string seen = request.canonical() + std::to_string(request.draw) + request.about.seat +
                         std::to_string(request.about.turn) + to_json(request.about.actions);
      if (++tries[seen] > 2) return inner->start(ticket, request, mailbox);
      Reply reply;
      reply.failure = Failure{Failure::Size::again, "busy"};
      mailbox.put(ticket, reply);
    }
  };
  for (const char* read : {"text", "scored"}) {
    CAPTURE(read);
    Folder folder;
    std::string text = kStudy;
    text.replace(text.find("\"text\""), 6, std::string("\"") + read + "\"");
    std::string study = folder.write("scripts/study.lua", text);
    Store quiet = Store::in_memory(), store = Store::in_memory();
    Lab undisturbed(folder, study);
    undisturbed.run(quiet);
    Lab lab(folder, study);
    auto model = std::make_unique<Busy>();
    Busy& busy = *model;
    lab.replace_model(std::move(model));
    Progress progress = lab.run(store);
    CHECK(progress.whole == 18);
    CHECK(progress.retries == 2 * busy.tries.size());
    for (const auto& [seen, tries] : busy.tries) CHECK(tries == 3);
    CHECK(store.digest() == quiet.digest());
  }
}

TEST_CASE("run: symmetric self-play of random replies is neither correlated nor biased") {
  Folder folder;
  std::string pairs = folder.write("scripts/pairs.lua", R"(study {
    game = "prisoners_dilemma", repeats = 1000, model = "random", read = "text",
    players = { { strategy = "direct" }, { strategy = "direct" } },
  })");
  Store store = Store::in_memory();
  Lab lab(folder, pairs, 1000);
  CHECK(lab.run(store).whole == 1000);
  std::map<std::string, int> outcomes;
  for (const Store::Row& row : store.query("SELECT a.action, b.action FROM choice a JOIN choice b ON a.match = b.match "
                                           "AND a.seat = 1 AND b.seat = 2")) {
    ++outcomes[row[0].string() + " " + row[1].string()];
  }
  CHECK(outcomes.size() == 4);
  for (const auto& [outcome, count] : outcomes) {
    CAPTURE(outcome);
    CHECK(count >= 190);
    CHECK(count <= 310);
  }

  folder.write("games/numbers.lua", R"(game {
    play = function(match, players)
      for _ in match:each_round() do players:choose { "number", range(0, 999999) }; players:pay(0) end
    end,
  })");
  std::string prompts = folder.path() + "/prompts";
  folder.write("prompts/numbers.txt",
               "== rules\nChoose.\n== number\n{{#options.range}}{{lo}} to {{hi}}{{/options.range}}?");
  std::string numbers = folder.write("scripts/numbers.lua", R"(study {
    game = "numbers", repeats = 1000, model = "random",
    players = { { strategy = "direct" }, { strategy = "direct" } },
  })");
  Store wide = Store::in_memory();
  Lab second(folder, numbers, 1000, 1, prompts);
  CHECK(second.run(wide).whole == 1000);
  double n = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  std::map<double, int> often;
  for (const Store::Row& row : wide.query("SELECT a.action, b.action FROM choice a JOIN choice b ON a.match = b.match "
                                          "AND a.seat = 1 AND b.seat = 2")) {
    double x = row[0].number(), y = row[1].number();
    ++n, sx += x, sy += y, sxx += x * x, syy += y * y, sxy += x * y;
    ++often[x], ++often[y];
  }
  double r = (n * sxy - sx * sy) / std::sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
  CHECK(std::fabs(r) < .1);
  CHECK(2000 - static_cast<int>(often.size()) < 10);
}

TEST_CASE("run: a factor added at its default level and a vary re-ordered ask nothing anew") {
  Folder folder;
  std::string one = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 2, repeats = 2, model = "random", vary = { strategy = { "direct", "scot" } },
    players = function(v) return { { strategy = v.strategy }, { strategy = "tit_for_tat" } } end,
  })");
  Store store = Store::in_memory();
  Lab first(folder, one);
  first.run(store);
  int asked = first.model->asked;
  folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 2, repeats = 2, model = "random",
    vary = { unit = { "points", "dollars" }, strategy = { "scot", "direct" } },
    players = function(v) return { { strategy = v.strategy }, { strategy = "tit_for_tat" } } end,
  })");
  Lab second(folder, one);
  Progress progress = second.run(store);
  CHECK(progress.planned == 8);
  CHECK(progress.already == 4);
  CHECK(second.model->asked == asked);  // the four with dollars, as many as the four with points before
}

TEST_CASE("run: an edited prompt plays a new version and keeps the old rows") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 2, repeats = 2, model = "random",
    players = { { strategy = "scot" }, { strategy = "tit_for_tat" } },
  })");
  Store store = Store::in_memory();
  Lab first(folder, study);
  first.run(store);
  CHECK(number(store, "SELECT count(*) FROM match") == 2);
  std::string text = read_file(PARLEY_ROOT "/prompts/scot.txt");
  auto at = text.rfind("Reply");
  std::string other = folder.write("other/scot.txt", text.substr(0, at) + "So reply" + text.substr(at + 5));
  Lab edited(folder, study, 64, 1, folder.path() + "/other");
  Progress progress = edited.run(store);
  CHECK(progress.new_versions == 2);
  CHECK(progress.whole == 2);
  CHECK(progress.reused == 4);  // predictions are asked in the same words, after the same choices
  CHECK(number(store, "SELECT count(*) FROM match") == 4);
  CHECK(number(store, "SELECT count(DISTINCT match) FROM choice") == 2);
  CHECK(number(store, "SELECT count(DISTINCT row) FROM choice_all") == 4);
  CHECK(verify(store, true).differing == 0);
  // A comment is an edit, too, and costs no request.
  folder.write("other/scot.txt", "{{! a comment }}\n" + read_file(other));
  Lab commented(folder, study, 64, 1, folder.path() + "/other");
  progress = commented.run(store);
  CHECK(progress.new_versions == 2);
  CHECK(commented.model->asked == 0);
}

TEST_CASE("run: an author's mistake in the middle of a run is thrown after what was in flight is stored") {
  Folder folder;
  folder.write("strategies/breaks.lua", R"(strategy {
  act = function(turn)
    if turn.round == 3 then error("broken here") end
    return turn.actions[1]
  end,
})");
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 4, repeats = 4, model = "random",
    players = { { strategy = "direct" }, { strategy = "breaks" } },
  })");
  Store store = Store::in_memory();
  Lab lab(folder, study, 2);
  CHECK_THROWS_WITH_AS(lab.run(store), (folder.path() + "/strategies/breaks.lua:3: broken here").c_str(), Error);
  CHECK(number(store, "SELECT count(*) FROM match WHERE status = 'whole'") == 0);
  CHECK(number(store, "SELECT count(*) FROM answer") == lab.model->asked);
}

TEST_CASE("run: words of another file are kept with the match, and an edit of them plays a new version") {
  Folder folder;
  folder.write("games/ballot.lua", R"(game {
    play = function(match, players)
      for _ in match:each_round() do players:choose { "common/vote", { "x", "y" } } end
    end,
  })");
  const std::string prompts = folder.path() + "/prompts";
  folder.write("prompts/ballot.txt", "== rules\nChoose.\n");
  folder.write("prompts/common.txt", "== vote\nYou vote: {{#options}}{{.}} {{/options}}?\n");
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "ballot", model = "random", players = { { strategy = "direct" }, { strategy = "direct" } },
  })");
  Store store = Store::in_memory();
  {
    Lab lab(folder, study, 64, 1, prompts);
    CHECK(lab.run(store).whole == 1);
  }
  CHECK(verify(store, true).differing == 0);
  CHECK(number(store, "SELECT count(*) FROM source WHERE name = 'prompts/common.txt'") == 1);
  {
    Lab lab(folder, study, 64, 1, prompts);
    CHECK(lab.run(store).already == 1);
  }
  folder.write("prompts/common.txt", "== vote\nYour vote: {{#options}}{{.}} {{/options}}?\n");
  Lab lab(folder, study, 64, 1, prompts);
  CHECK(lab.run(store).new_versions == 1);
  CHECK(lab.model->asked == 2);
  CHECK(verify(store, true).differing == 0);
}
