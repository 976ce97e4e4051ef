// One match from the command line, for `play`, `prompt` and `check`: a study that nobody wrote.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/workspace.h"
#include "script/match.h"

namespace parley {

// A player as `play` takes it: "tit_for_tat", "direct@llama:smollm2", "human"; settings follow, "naive_prober p=.2". An entry of a
// study's `players`. Misuse: it is none of these.
Value entry_of(const std::string& said);

// The study of one game and line-up. `who` stands in front of messages ("play").
StudyFile study_of(const std::string& who, const std::string& game, Value::List entries);

// Its design, with what the options say. All of it was said on the command line, so that what is wrong is Misuse.
Design design_of(Workspace& workspace, const StudyFile& file, const Args& args);

// The seat (from 1) that a name or number says. Misuse: there is none.
int seat_named(const std::string& said, const std::vector<std::string>& seats);

// How many players a game takes, where not all are named: the seats of its settings' defaults, at least.
size_t seats_of(Workspace& workspace, const std::string& game, const Value& settings = Value::Record{});
// What --set says that is no field of a study, by name: settings of the game.
Value settings_said(const Args& args);

// Plays a match to its end: each question is put to `answer`, one after the other, those asked together first of all.
// `together` hears each batch of questions that were asked before any of them was answered.
using Answerer = std::function<Reply(const Question&)>;
using Together = std::function<void(const std::vector<Question>&)>;
void play_through(Match& match, const Answerer& answer, const Together& together = {});

// A model's reply, waited for; signals are heeded: cancelled is a failure of size again.
Reply ask(Model& model, const Request& request);

// Labels of a plan by action, where it has some.
std::map<std::string, std::string> labels_of(const Plan& plan, Scripts& scripts);

}  // namespace parley
