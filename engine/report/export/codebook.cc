#include "report/export/codebook.h"

#include <map>

namespace parley {

const std::vector<ExportColumn>& common_columns() {
  static const std::vector<ExportColumn> columns = {
      {"study", "", "text", "", "@", "name of the study"},
      {"match", "", "integer", "", "", "number of the match, as in `parley list`; joins the files"},
      {"version", "", "integer", "", "",
       "which version of the match, 1 the oldest; with --all only, then joins the files together with match"},
      {"planned", "", "0/1", "", "",
       "whether this is the newest version of a match that the study plans; with --all only"},
      {"condition", "", "text", "", "@", "point of what is varied: factor=level, …; empty where nothing is"},
      {"game", "", "text", "", "@", "game played"},
      {"block", "", "integer", "", "", "which repeat of every condition, from 1"},
  };
  return columns;
}

namespace {

// Who sits there: in every file whose rows belong to a seat.
std::vector<ExportColumn> with_seat(std::vector<ExportColumn> before, std::vector<ExportColumn> after) {
  const ExportColumn seat[] = {
      {"seat", "x.seat", "integer", "", "", "seat, from 1"},
      {"seat_name", "s.name", "text", "", "@", "name of the seat in the game"},
      {"player", "p.name", "text", "", "@", "who sits there, by the study's name"},
      {"strategy", "p.strategy", "text", "", "@", "its strategy"},
      {"model", "p.model", "text", "", "@", "the model it asks; empty for a fixed rule"},
  };
  before.insert(before.end(), std::begin(seat), std::end(seat));
  before.insert(before.end(), after.begin(), after.end());
  return before;
}

// FROM a table x of rows that belong to a seat.
std::string from_seats(const std::string& table, const std::string& order) {
  return "FROM " + table +
         " x JOIN match m ON m.id = x.match LEFT JOIN seat s ON s.match = x.match AND s.seat = x.seat "
         "LEFT JOIN player p ON p.lineup = m.lineup AND p.seat = x.seat WHERE x.match = ?1 ORDER BY " +
         order;
}

std::vector<ExportFile> make_files() {
  std::vector<ExportFile> files;

  files.push_back(
      {"choices.csv", "a row for each choice, but for words, which are messages",
       with_seat({{"round", "", "integer", "", "", "round, from 1"}},
                 {{"decision", "", "text", "", "@", "which choice of the game it is"},
                  {"number", "", "integer", "", "", "which of the seat's choices in this decision and round, from 1"},
                  {"action", "", "action", "", "@",
                   "what was chosen, by its name in the game, whatever a model was shown; empty: "
                   "missing, no answer could be read"},
                  {"done", "", "action", "", "@",
                   "what was done: differs where a hand trembled, or in place of a missing answer"},
                  {"missing", "", "0/1", "", "", "1: no answer could be read, and something else was done instead"},
                  {"payoff", "", "number", "@unit", "",
                   "what the seat was paid in this round; empty: the round was not closed, or "
                   "nobody is ever paid"},
                  {"own_last", "", "action", "", "@", "what the seat did (as done) the last time in this decision"},
                  {"other_last", "", "action", "", "@",
                   "with two seats: what the other did in its last choice of an earlier round, in "
                   "the same decision, or, where it has none by that name, in its only one"}}),
       ""});

  files.push_back(
      {"seats.csv", "a row for each seat of each match",
       with_seat({},
                 {{"settings", "p.settings", "JSON", "", "", "the strategy's settings that differ from their defaults"},
                  {"told", "p.told", "JSON", "", "", "what it is told beyond the rules: sections of prompts/told"},
                  {"model_identity", "p.identity", "text", "", "", "of the model: a file's hash, a server's name"},
                  {"sampling", "p.sampling", "JSON", "", "", "how answers are sampled"},
                  {"rounds", "m.closed", "integer", "rounds", "", "rounds that were closed: those that have payoffs"},
                  {"total", "x.total", "number", "@unit", "", "what it was paid in them"},
                  {"mean", "CASE WHEN m.closed > 0 THEN x.total / m.closed END", "number", "@unit", "",
                   "the same for each round"},
                  {"made", "(SELECT coalesce(sum(made), 0) FROM choices k WHERE k.match = x.match AND k.seat = x.seat)",
                   "integer", "choices", "", "choices that it made, without words and those that are missing"}}),
       from_seats("seat", "x.seat")});

  files.push_back(
      {"matches.csv",
       "a row for each match; the resolved settings of its condition stand behind these columns",
       {{"lineup", "l.name", "text", "", "@", "its players by seat"},
        {"seed", "m.seed", "integer", "", "", "of all chance"},
        {"status", "m.status", "text", "", "whole; void; failed; open",
         "whole: played to its end. void: ended by an answer that could "
         "not be read. failed: its model did not answer. open: under way"},
        {"why", "m.why", "text", "", "", "void, failed: the reason"},
        {"void_seat", "m.void_seat", "integer", "", "", "void: the seat whose answer it was"},
        {"rounds", "m.rounds", "integer", "rounds", "", "rounds begun"},
        {"closed", "m.closed", "integer", "rounds", "", "rounds played to their end"},
        {"missing", "m.missing", "integer", "choices", "",
         "answers that could not be read, something else being done instead"},
        {"pairs", "m.pairs", "integer", "rounds", "",
         "two seats with one decision out of one action set: rounds in which both chose"},
        {"equal", "m.equal", "integer", "rounds", "", "those of them in which both chose the same"},
        {"horizon_true", "r.horizon_true", "0/1", "", "",
         "whether what players were told of the end is so; a chance is, where it is the true one and at most 1 match "
         "in 100 would go beyond the most rounds; empty: told nothing"},
        {"drawn", "m.drawn", "JSON", "", "", "what chance gave the block: labels, orders"},
        {"attempt", "m.attempt", "integer", "", "", "how often --retry void began it anew"},
        {"parley", "(SELECT engine FROM study ORDER BY id DESC LIMIT 1)", "text", "", "@",
         "version that ran the study last"}},
       "FROM match m JOIN rules r ON r.id = m.rules JOIN lineup l ON l.id = m.lineup WHERE m.id = ?1"});

  files.push_back(
      {"messages.csv", "a row for each choice of words, and for each telling",
       with_seat({{"round", "x.round", "integer", "", "", "round, from 1; 0: before the first"},
                  {"number", "x.number", "integer", "", "", "in the match, from 1"},
                  {"kind", "CASE WHEN x.seat IS NULL THEN 'told' ELSE 'said' END", "text", "", "said; told",
                   "said: by a player. told: by the game; then it has no seat"}},
                 {{"name", "x.name", "text", "", "@", "the decision; the section of the prompts that was told"},
                  {"text", "x.text", "text", "", "", "what was said; empty: missing"},
                  {"done", "x.done", "text", "", "", "what was done instead of what is missing"},
                  {"facts", "x.facts", "JSON", "", "", "what was told, by hole"},
                  {"seen", "x.seen", "JSON", "", "", "the seats that see it, besides the speaker's; empty: all"}}),
       from_seats("message", "x.number")});

  files.push_back(
      {"beliefs.csv",
       "a row for each belief: what a player said another would choose; and for each answer to a question whose right "
       "answer is known",
       with_seat(
           {{"round", "x.round", "integer", "", "", "round in which it was said"}},
           {{"n", "x.n", "integer", "", "", "the seat's n-th question: with seat and sample, joins requests.csv"},
            {"sample", "x.sample", "integer", "", "", "which sample of the question, from 1"},
            {"about", "x.about", "integer", "", "",
             "seat of the other; empty: about nobody, a question with a right answer"},
            {"about_name", "(SELECT name FROM seat o WHERE o.match = x.match AND o.seat = x.about)", "text", "", "@",
             "its name in the game"},
            {"decision", "x.decision", "text", "", "@", "the decision that it is about"},
            {"question",
             "(SELECT question FROM question q WHERE q.match = x.match AND q.seat = x.seat AND q.n = x.n AND "
             "q.sample = x.sample)",
             "text", "", "@", "question of the strategy"},
            {"guess", "x.guess", "action", "", "@", "what it was said to choose; what was answered"},
            {"truth", "x.truth", "action", "", "@", "what it then did, empty: nothing followed; the right answer"},
            {"hit", "x.guess = x.truth", "0/1", "", "", "whether they are the same"},
            {"given", "x.given", "number", "probability", "",
             "scored: what was given to the truth; empty also where a server did not show it"}}),
       from_seats("beliefs", "x.number")});

  files.push_back({"measures.csv",
                   "a row for each number or word that the game noted in a round",
                   {{"round", "coalesce(json_extract(x.rounds, '$[' || v.key || ']'), v.key + 1)", "integer", "", "",
                     "round, from 1"},
                    {"measure", "x.name", "text", "", "@", "name of what was noted"},
                    {"value", "v.value", "text", "", "", "number, word, or 0/1"}},
                   "FROM measures x JOIN json_each(x.noted) v WHERE x.match = ?1 ORDER BY 1, 2, v.key"});

  files.push_back(
      {"requests.csv", "a row for each answer of a model: question, sample, try",
       with_seat(
           {{"round", "q.round", "integer", "", "", "round, from 1; empty where the match has not ended"}},
           {{"n", "x.n", "integer", "", "", "the seat's n-th question"},
            {"sample", "x.sample", "integer", "", "", "which sample of it, from 1"},
            {"try", "x.try", "integer", "", "", "1 to 3: an answer that cannot be read is asked again"},
            {"dropped", "x.dropped", "integer", "", "",
             "0: it holds; else the attempt (--retry void) that began without it"},
            {"decision", "q.decision", "text", "", "@", "choice of the game that the question is for"},
            {"question", "q.question", "text", "", "@", "question of the strategy"},
            {"about", "q.about", "text", "", "@", "the seat whose choice it asks to predict"},
            {"read", "q.read", "text", "", "scored; constrained; text", "how the answer was read"},
            {"added", "CASE WHEN x.try = 1 THEN q.added END", "text", "", "",
             "what the question added to the text that the "
             "player has seen; first tries only"},
            {"cue", "q.cue", "text", "", "", "how the answer was made to begin"},
            {"options", "q.options", "JSON", "", "", "the labels, in the order shown"},
            {"text", "a.text", "text", "", "", "the answer"},
            {"choice", "CASE WHEN x.try = q.tries THEN q.choice END", "action", "", "",
             "what was read, by the action's name; "
             "last tries only"},
            {"why", "CASE WHEN x.try = q.tries THEN q.why END", "text", "", "@",
             "why nothing could be read; last tries only"},
            {"mass", "q.mass", "number", "probability", "", "scored: legal mass, before renormalising"},
            {"scores", "q.scores", "JSON", "probability", "",
             "scored: of each action, in the game's order, renormalised"},
            {"logprobs", "a.scores", "JSON", "log-probability", "", "scored: of each label, as the model gave it"},
            {"tie", "q.tie", "0/1", "", "", "scored: two actions were equal to the last bit, and one was drawn"},
            {"finish", "a.finish", "text", "", "stop; length; filter; refusal", "how the answer ended"},
            {"thinking", "a.thinking", "text", "", "", "what the model thought before it"},
            {"failure", "a.failure", "text", "", "", "why there is no answer"},
            {"input", "a.input", "integer", "tokens", "", "tokens read"},
            {"cached", "a.cached", "integer", "tokens", "", "of these, not read anew"},
            {"cache_written", "a.written", "integer", "tokens", "", "of these, put into the server's cache"},
            {"output", "a.output", "integer", "tokens", "", "tokens that came"},
            {"reasoning", "a.reasoning", "integer", "tokens", "", "of these, thinking"},
            {"pure", "a.pure", "0/1", "", "",
             "1: the answer is a function of the request, and asked once for all that ask the same"},
            {"request", "lower(hex(a.request))", "text", "", "", "SHA-256 of the request"},
            {"served", "v.name", "text", "", "@", "the model, as it names itself"},
            {"build", "v.build", "text", "", "@", "of a local model: library and machine"},
            {"seconds", "a.seconds", "number", "seconds", "", "from the request to the answer"},
            {"http_tries", "a.tries", "integer", "", "", "how often it was sent"}}),
       "FROM reply x JOIN match m ON m.id = x.match JOIN answer a ON a.id = x.answer JOIN served v ON v.id = a.served "
       "LEFT JOIN question q ON q.match = x.match AND q.seat = x.seat AND q.n = x.n AND q.sample = x.sample AND "
       "x.dropped = 0 "
       "LEFT JOIN seat s ON s.match = x.match AND s.seat = x.seat LEFT JOIN player p ON p.lineup = m.lineup AND p.seat "
       "= x.seat "
       "WHERE x.match = ?1 ORDER BY x.seat, x.n, x.sample, x.try, x.dropped"});
  return files;
}

}  // namespace

const std::vector<ExportFile>& export_files() {
  static const std::vector<ExportFile> files = make_files();
  return files;
}

std::string meaning_of_setting(const std::string& name) {
  static const std::map<std::string, std::string> known = {
      {"cover", "story in which the game is told"},
      {"decide", "how a choice is made of scores: argmax, or sample"},
      {"ends", "true chance of an end after each round"},
      {"format", "how questions are laid out: text, chat, messages"},
      {"horizon", "what players are told of the end: told (the truth), hidden, a chance below 1, or rounds"},
      {"label_map", "which label stands for which action"},
      {"labels", "what actions are called"},
      {"matching", "partners: as seated; strangers: who meets whom is drawn anew in each round"},
      {"model", "the model of players that name none"},
      {"option_order", "order in which options are named"},
      {"payoff_order", "order of the lines of payoffs"},
      {"read", "how choices are read: scored, constrained, text"},
      {"rounds", "rounds that are played at most"},
      {"seats", "which entry of the study sits where"},
      {"told", "what players that ask a model are told beyond the rules"},
      {"unit", "what payoffs are called"},
  };
  auto at = known.find(name);
  return at == known.end() ? "setting of the game" : at->second;
}

}  // namespace parley
