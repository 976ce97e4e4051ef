#include "api/commands/commands.h"

#include "api/command.h"
#include "api/workspace.h"

namespace parley {
namespace {

const Option kDb = {"--db", "FILE", "the study's file (NAME.db in the working folder)"};
const Option kSet = {"--set", "NAME=VALUE", "any setting of the study or the game, above what the study says", true};
const Option kModel = {
    "--model", "M",
    "the model of players that name none: llama:NAME, llama:PATH.gguf, openai:NAME, anthropic:NAME, scripted:FILE, "
    "scripted:random, human"};
const Option kRounds = {"--rounds", "N", "how many rounds"};
const Option kSeed = {"--seed", "N", "the seed of all chance (1)"};
const Option kCover = {"--cover", "NAME", "the story that the game is told as (plain)"};
const Option kLabels = {"--labels", "LIST", "what actions are called: J,F or accept=J,reject=F"};
const Option kTold = {"--told", "LIST", "sections of prompts/told, as hints/errs,personas/fair"};
const Option kFormat = {"--format", "F", "text, chat or messages (chat; text where choices are scored)"};
const Option kRead = {"--read", "R", "how choices are read: text, scored or constrained (text)"};
const Option kJson = {"--json", "", "as JSON"};
const Option kCsv = {"--csv", "", "as CSV"};

std::vector<Option> with_workspace(std::vector<Option> options) {
  options.insert(options.end(), kWorkspaceOptions.begin(), kWorkspaceOptions.end());
  return options;
}

std::vector<Option> with_models(std::vector<Option> options) {
  options.insert(options.end(), kModelOptions.begin(), kModelOptions.end());
  return with_workspace(std::move(options));
}

std::vector<Command> table() {
  constexpr size_t kAny = 1000;
  return {
      {"run", "STUDY.lua", "plays a study, or goes on where it was stopped, and prints a table of results", 1, 1,
       with_models(
           {kModel,
            kSet,
            {"--repeats", "N", "how many blocks, in place of the study's"},
            {"--limit", "N", "play the first N matches of the order only"},
            kDb,
            {"--retry", "WHAT", "void: begin void matches anew; failed: take up what failed, as every run does"},
            {"--shard", "I/N", "play the I-th of N parts, into NAME.IofN.db: `parley merge` joins them"},
            {"--budget", "B",
             "stop before all runs of the study spend more: money (20), where models.json has prices, or tokens "
             "(5Mtok)"},
            {"--offline", "", "ask nobody: a reply that the file does not hold is an error"},
            {"--quiet", "", "no progress and no talk: the table alone"},
            kJson,
            kCsv}),
       "Everything that was asked, answered, chosen and paid is kept in one file, NAME.db. Running again goes on from "
       "there,\n"
       "or says that nothing is to be done. Ctrl-C stops: what is under way is kept.\n\n"
       "  parley run scripts/first_study.lua\n"
       "  parley run scripts/first_study.lua --model llama:PATH.gguf --db other.db\n"
       "  parley run scripts/first_study.lua --set rounds=5 --repeats 1 --db short.db\n",
       commands::run},
      {"play", "GAME PLAYER PLAYER...", "plays one match and prints it as it goes; a player is a strategy, or you", 2,
       kAny,
       with_models({kModel,
                    kRounds,
                    kSet,
                    kCover,
                    kLabels,
                    kTold,
                    kSeed,
                    kFormat,
                    kRead,
                    {"--db", "FILE",
                     "keep the match in this file (else nothing is kept); one that it holds unfinished goes on"}}),
       "A PLAYER is STRATEGY (a fixed rule, or one that asks --model), STRATEGY@MODEL, or human: you, at the "
       "terminal.\n"
       "Settings of a strategy follow its name: 'naive_prober p=.2'.\n\n"
       "  parley play prisoners_dilemma human tit_for_tat --rounds 10 --labels J,F\n"
       "  parley play ultimatum direct@llama:smollm2 human\n"
       "  parley play public_goods random random random --rounds 3 --set endowment=10\n",
       commands::play},
      {"check", "[FILE...]",
       "loads everything, plays it with random answers, says who sees what and what a study will ask", 0, kAny,
       with_models(
           {kModel,
            kSet,
            {"--repeats", "N", "how many blocks, in place of the study's"},
            {"--pilot", "N", "of one study: play its first N matches for real, and reckon what all cost from them"},
            kDb}),
       "FILE is a study, a game or a strategy (or the name of one); without it all there is is checked. Without "
       "--pilot no\n"
       "model is asked and no network is touched. Ends with 1 where there is something to mend.\n",
       commands::check},
      {"prompt", "GAME STRATEGY...", "prints what a model would be shown, byte for byte", 2, kAny,
       with_workspace({{"--seat", "SEAT", "who is asked: a seat's name or number (the first that asks)"},
                       {"--round", "N",
                        "in which round, after random choices in the rounds before (the first in which it is asked)"},
                       kRounds,
                       kSet,
                       kCover,
                       kLabels,
                       kTold,
                       kSeed,
                       kFormat,
                       kRead,
                       kModel,
                       kJson}),
       "The last STRATEGY sits in all seats that are left. What was sent goes to the standard output, headings to the "
       "other.\n\n"
       "  parley prompt prisoners_dilemma direct --rounds 10 --round 3 --read scored --labels J,F\n",
       commands::prompt},
      {"diff", "STUDY A B", "shows what the prompts of two conditions differ in, line by line", 3, 3,
       with_workspace({kModel, kSet, kJson}),
       "A condition is said by its number in `parley list STUDY` or by words of its name; the two are taken that are "
       "alike in\n"
       "all else. Both are played with the same answers, so that what differs is what was said. No model is asked.\n\n"
       "  parley diff scripts/robustness.lua story=plain story=cooking\n",
       commands::diff},
      {"tree", "GAME PLAYER",
       "a player's policy as a table: how it chooses after every history, and exactly how it fares against fixed rules",
       2, 2,
       with_models(
           {kModel,
            kRounds,
            {"--seat", "SEAT", "where the player sits: a seat's name or number (the first)"},
            {"--decide", "HOW", "argmax, or sample: its choices are drawn, so that they branch too (argmax)"},
            {"--against", "STRATEGY", "a fixed rule to be met: expected payoffs and rates, nothing is asked", true},
            {"--matches", "N", "against a rule that draws: how many matches are played with the table (1000)"},
            {"--policy", "FILE", "write the table for strategies/frozen.lua"},
            kSet,
            kCover,
            kLabels,
            kTold,
            kSeed,
            kFormat,
            {"--db", "FILE", "where it is kept (GAME.tree.db in the working folder)"},
            kJson,
            kCsv}),
       "Choices are scored. Each history that the other seat can lead to is asked once and kept in the file, a study "
       "as any\n"
       "other; the second time nothing is asked. With --against, --csv has rates by round, else every history; --json "
       "has all.\n"
       "Games of two seats given by `payoffs`. Settings of a strategy follow its name.\n\n"
       "  parley tree prisoners_dilemma direct@llama:smollm2 --rounds 5 --labels J,F\n"
       "  parley tree prisoners_dilemma direct@llama:smollm2 --rounds 5 --labels J,F --against grim --against "
       "'naive_prober p=.2'\n",
       commands::tree},
      {"solve", "GAME",
       "says what can be known of a game without playing it: equilibria, dominance, welfare, what it says itself", 1, 1,
       with_workspace({{"--seats", "N", "how many play, where a game takes several numbers (the least)"},
                       kSet,
                       {"--nfg", "", "print the game in Gambit's format instead"},
                       kJson,
                       kCsv}),
       "Probabilities are those with which each seat gives the action named of it; between the ends of a continuum of "
       "equilibria each\n"
       "seat's may be any. Mixed equilibria are found for two seats with two actions alone, and so is the mixed "
       "maximin, "
       "shown where it\n"
       "makes sure of more than one action does.\n\n"
       "  parley solve battle_of_the_sexes\n"
       "  parley solve two_by_two --set number=42\n",
       commands::solve},
      {"show",
       "STUDY MATCH",
       "prints a match as it was played: what was asked, answered, chosen and paid",
       2,
       2,
       {{"--seat", "SEAT", "only what that player saw, a seat's name or number, or an observer's: nothing else"},
        {"--round", "N", "only this round, or these: 3-8"},
        {"--asked", "", "all that players were asked, and every reply as it came"},
        {"--raw", "", "exactly what was sent, and how each reply was read"},
        kDb,
        kJson},
       "STUDY is the study's .lua or its .db; MATCH is its number in `parley list STUDY`. Who speaks stands on the "
       "left; what not\n"
       "everybody saw says in parentheses who did: `(to row alone)`, `(nobody else sees)`. What a player was asked on "
       "the way stands\n"
       "below its choice. Where fixed rules choose once a round, a round is a row, and equal ones are one: `4-9`.\n\n"
       "  parley show study.db 3 --seat column\n"
       "  parley show study.db 3 --round 10-12 --asked\n",
       commands::show},
      {"list", "[STUDY]", "lists what there is to play with; or a study's conditions, line-ups and matches", 0, 1,
       with_workspace({kDb, kSet, kModel, {"--repeats", "N", "how many blocks, in place of the study's"}, kJson, kCsv}),
       "STUDY is the study's .lua or its .db.\n", commands::list},
      {"verify",
       "STUDY.db",
       "derives every row of a study's file again, from its sources and replies alone, and compares",
       1,
       1,
       {{"--all", "", "older versions and matches no longer planned too"}, kDb},
       "",
       commands::verify},
      {"stats",
       "[STUDY]",
       "compares groups of a study, or of any table: tests, effects, Bayes factors, intervals",
       0,
       1,
       {{"--value", "COLUMN",
         "what is compared: payoff, first (share of the first action), equal (of rounds in which both chose alike); of "
         "a table any column of numbers (payoff)"},
        {"--group", "COLUMN",
         "by what: player, seat, strategy, game, condition, a factor; of a table any column (player)"},
        {"--where", "COLUMN=VALUE", "only rows in which it is so; said again of one column: or so", true},
        {"--contrast", "'A against B'",
         "the comparisons of this family: these groups alone, corrected for as many (every pair)", true},
        {"--to", "N",
         "each group's mean against this number, in place of groups against each other: .5 for a bias to one of two"},
        {"--unit", "COLUMN",
         "what is one value of a group: rows are averaged within it first, as pairing, block, player, wording; round: "
         "rounds of each seat, with a warning (of a study: match; of a table: a row)"},
        {"--beliefs", "",
         "of what players said others would choose, and of questions with a right answer: hit, brier and log, by "
         "round, question and all else, beside the base rate (hit)"},
        {"--variance", "",
         "how much of the value's variance goes with each factor, each two together, and blocks, instead; of balanced "
         "designs"},
        {"--factor", "COLUMN", "of these factors (of a study: all that it varies)", true},
        {"--attrition", "",
         "what is void, failed, pending, missing, by condition, and the worst that it could do to the comparisons, "
         "instead"},
        {"--policy", "",
         "how each player chooses after what both did in the round before, instead; retaliation, forgiveness, the last "
         "round, turn-taking"},
        {"--rules", "", "which fixed rule, with a tremble, tells each player's choices best, instead"},
        {"--csv", "FILE", "a table in place of a study: CSV with a head"},
        {"--block", "COLUMN", "of a table: labels are exchanged within this (of a study: block)"},
        {"--cluster", "COLUMN",
         "rows that go together: in each group they count as one, their mean; drawn as a whole (of a study: the unit)"},
        {"--margin", "M", "test too whether the means lie within M of each other"},
        {"--seed", "N", "of what is drawn (1)"},
        kDb,
        kJson,
        {"--as-csv", "", "as CSV (--csv names a table to be read)"},
        {"--latex", "", "as a tabular of LaTeX"}},
       "The unit of a study is the match: its seats in one group count as one value, their mean. A match with\n"
       "a value in both groups is a pair, and the test is then paired, wholly or partly. Matches without chance\n"
       "that are the same are one value, which weighs as many. Where groups are of several players who all meet\n"
       "each other, the verdict rests on the interval that draws players. STUDY is the study's .lua or its .db.\n"
       "What is declared by --contrast is one family: p-values stand uncorrected and corrected by Holm.\n\n"
       "  parley stats first_study.db --where player=direct --group game\n"
       "  parley stats first_study.db --contrast 'direct against scot' --unit pairing\n"
       "  parley stats --csv table.csv --value points --group treatment --cluster pair --margin 0.5\n",
       commands::stats},
      {"code", "STUDY", "has models, rules and people code what was said in a study, and says how far they agree", 1, 1,
       with_models({{"--with", "QUESTION",
                     "what is asked of each message: promise, threat, lie, leak, or a strategy of your own"},
                    {"--model", "M", "a judge: llama:NAME, openai:NAME, ..., human (you, at this terminal)"},
                    {"--by", "RULE", "a fixed rule with the same answers: breaks_word for lie, names_secret for leak"},
                    {"--sheet", "FILE.csv", "write the messages for a person to code, and stop"},
                    {"--coded", "FILE.csv", "read such a sheet, as filled in"},
                    {"--coder", "NAME", "what this coder is called (the model, the rule, the sheet's name)"},
                    {"--decision", "NAME", "only what was said as this decision, as talk (all choices of words)"},
                    {"--sample", "N", "only N messages, drawn; the same for all coders"},
                    kRead,
                    {"--into", "FILE", "where codes are kept (NAME.codes.db in the working folder)"},
                    {"--quiet", "", "no progress"},
                    kDb,
                    kJson,
                    kCsv}),
       "Codes are a study: each message, question and coder is a match of game `coding`, kept with what was asked and "
       "answered,\n"
       "and paid for once; coders add up in one file. `parley stats NAME.codes.db` compares them by what the coded "
       "study varied.\n"
       "Without a coder the tables alone are printed; --csv has a row for each message.\n\n"
       "  parley code talk.db --with promise --model llama:smollm2 --read scored\n"
       "  parley code talk.db --with lie --by breaks_word\n"
       "  parley code talk.db --with promise --sheet anna.csv --sample 50\n"
       "  parley code talk.db --with promise --coded anna.csv\n",
       commands::code},
      {"merge",
       "OUT.db IN.db...",
       "joins the files of a study that was played in parts (run --shard) in a new one",
       2,
       kAny,
       {},
       "  parley run study.lua --shard 1/2        on one machine: study.1of2.db\n"
       "  parley run study.lua --shard 2/2        on another: study.2of2.db\n"
       "  parley merge study.db study.1of2.db study.2of2.db\n\n"
       "Freezes and looks are carried over. A file that holds a freeze alone (`parley freeze` before the parts were "
       "run) may "
       "be one\n"
       "of the parts, or OUT.db itself.\n",
       commands::merge},
      {"import", "MAP.json TABLE...",
       "makes a study of tables that others published, plays it again, and says which rows do not come out", 2, kAny,
       with_workspace({kDb}),
       "MAP.json says what the columns mean (scripts/README.md); a TABLE is a CSV file, or a folder of them. All "
       "payoffs in the new\n"
       "file are the game's own; what the tables say of them is compared, and so are the moves of players that are "
       "strategies here.\n"
       "People's names are replaced by hashes (with the text in PARLEY_SALT before them, if it is set). Ends with 1 "
       "where a row\n"
       "differs.\n\n"
       "  parley import scripts/published_144_games.json 144_games/\n"
       "  parley verify published_144_games.db\n",
       commands::import_tables},
      {"freeze", "STUDY.lua",
       "prints one hash of a study's design, files and declared analysis, and keeps it in its file", 1, 1,
       with_workspace(
           {{"--check", "HASH",
             "say whether the study still is what was frozen, and what changed; ends with 1 where it is not"},
            kModel,
            kSet,
            {"--repeats", "N", "how many blocks, in place of the study's"},
            kDb,
            kJson}),
       "The hash is over the matches that are planned, the texts of all games, strategies and prompts that they use, "
       "and the study's\n"
       "`analysis`. Comments of the study do not matter. Freeze before the first match: `parley stats` says whether "
       "that was so.\n\n"
       "  parley freeze scripts/scot_against_base.lua\n"
       "  parley freeze scripts/scot_against_base.lua --check 3f2a90c1d4e5b607\n",
       commands::freeze},
      {"power", "STUDY.lua",
       "how often the declared test would come out, by playing the study many times or from a pilot", 1, 1,
       with_models({{"--draws", "N", "how many times (500)"},
                    {"--n", "LIST", "at so many blocks, as 10,20,40 (the analysis' own)"},
                    {"--pilot", "FILE.db", "draw whole blocks of this file of the study instead of playing"},
                    {"--seed", "N", "of what is drawn (1)"},
                    kModel,
                    kSet,
                    kDb,
                    kJson,
                    kCsv}),
       "Players that cost nothing (fixed rules, frozen policies, scripted: models) are played in memory, the whole "
       "study once for\n"
       "each draw, with a seed of its own. Where a player asks a model, blocks that were played are drawn with "
       "replacement: those of\n"
       "--pilot, else of the study's own file, which is a look at it.\n\n"
       "  parley power scripts/my_study.lua --n 10,20,40\n"
       "  parley power scripts/scot_against_base.lua --pilot pilot.db\n",
       commands::power},
      {"export",
       "STUDY DIR",
       "writes tidy CSV files and a codebook into a folder",
       2,
       2,
       {{"--all", "", "older versions and matches no longer planned too, with a column `version`"}, kDb},
       "STUDY is the study's .lua or its .db.\n",
       commands::export_study},
  };
}

}  // namespace

const std::vector<Command>& all_commands() {
  static const std::vector<Command> all = table();
  return all;
}

}  // namespace parley
