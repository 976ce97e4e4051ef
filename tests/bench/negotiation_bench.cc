// A negotiation's prompts (issue 6): tokens asked against the number of different beginnings of all prompts, which is what has to be read where
// nothing is read twice. Nothing is evaluated: the replies are written here.
#include <cstdio>
#include <filesystem>
#include <unordered_set>

#include "base/error.h"
#include "base/json.h"
#include "bench.h"
#include "script/match.h"
#include "study/design.h"
#if PARLEY_LLAMA
#include "model/llama.h"
#endif

namespace {

using namespace parley;

// What stands for tokens: the model's own, or without one the bytes.
class Counter {
 public:
  explicit Counter(const std::string& file) {
#if PARLEY_LLAMA
    if (std::filesystem::exists(file)) {
      ModelOptions options;
      options.workers = 1;
      model_ = open_llama(file, options);
    }
#endif
  }
  const char* unit() const { return model_ ? "tokens" : "bytes"; }
  std::vector<int32_t> of(const Request& request) const {
#if PARLEY_LLAMA
    if (model_) return llama_tokens(*model_, request);
#endif
    std::vector<int32_t> out;
    for (const Message& message : request.messages) out.insert(out.end(), message.text.begin(), message.text.end());
    return out;
  }

 private:
  std::unique_ptr<Model> model_;
};

// As long as those of published sessions are.
Reply reply_to(int n) {
  std::string thoughts, said = "We have listened to all of you and see where most of us can meet.";
  for (int i = 0; i < 12; ++i) thoughts += "The last deal is worth " + std::to_string(40 + (n + i) % 50) + " to us. ";
  Reply reply;
  reply.text = "<SCRATCHPAD>" + thoughts + "</SCRATCHPAD>\n<ANSWER>" + said + " We propose <DEAL>A2,B" +
               std::to_string(1 + n % 3) +
               ",C2,D2,E3</DEAL>, which leaves something for everyone.</ANSWER>\n<PLAN>Give way on C before D.</PLAN>";
  return reply;
}

int bench(const Arguments& arguments) {
  std::string data = arguments.empty() ? "" : arguments[0], file = arguments.size() < 2 ? PARLEY_MODEL : arguments[1];
  if (arguments.size() > 2) throw Error("parley_bench negotiation [FOLDER of a negotiation] [FILE.gguf]");
  Counter counter(file);
  Sources sources({PARLEY_ROOT}, data);
  Library library({PARLEY_ROOT "/prompts"});
  Scripts scripts(sources, library);
  Lookup lookup = lookup_in(scripts);
  lookup.model_identity = [](const std::string& name) { return name; };
  const GameInfo info = scripts.game("negotiation", Value::Record{});
  for (int window : {0, 6}) {
    StudyFile study;
    study.path = "negotiation";
    Value entry = Value::Record{
        {"strategy", "secret_scratchpad"}, {"model", "box"}, {"times", static_cast<int>(info.players.size())}};
    study.fields = Value::Record{{"game", "negotiation"}, {"window", window}, {"players", Value::List{entry}}};
    const double start = seconds_now();
    Match match(scripts, Design::make(study, lookup, {}).at(0));
    std::unordered_set<size_t> beginnings;
    int64_t asked = 0;
    int requests = 0;
    for (;;) {
      std::vector<Question> questions = match.advance();
      if (questions.empty()) break;
      for (const Question& question : questions) {
        std::string path;
        for (int32_t token : counter.of(question.request)) {
          path.append(reinterpret_cast<const char*>(&token), sizeof token);
          beginnings.insert(std::hash<std::string>()(path));
          ++asked;
        }
        match.answer(question.place, reply_to(requests++));
      }
    }
    printf("%zu parties, window %d: requests %d; %s asked %ld, floor %zu: %.1f times; wall %.1f s\n",
           info.players.size(), window, requests, counter.unit(), static_cast<long>(asked), beginnings.size(),
           static_cast<double>(asked) / static_cast<double>(beginnings.size()), seconds_now() - start);
  }
  return 0;
}

Bench negotiation_bench("negotiation",
                        "a negotiation's prompts: tokens asked against the floor, with and without a window", bench);

}  // namespace
