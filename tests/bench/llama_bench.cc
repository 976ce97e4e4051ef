// The local model's speed (issue 3, point 4): matches of a repeated game against what libllama could do at best.
#if PARLEY_LLAMA
#include <llama.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <deque>
#include <iostream>
#include <map>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "base/error.h"
#include "base/json.h"
#include "bench.h"
#include "model/llama.h"

namespace {

using namespace parley;

// Four games of about 110 tokens of rules, as the prototype's (LOCAL_MODELS 1).
struct Game {
  const char* label[2];
  int pays[4];
};
constexpr Game kGames[] = {
    {{"J", "F"}, {8, 0, 10, 5}}, {{"Q", "X"}, {10, 0, 0, 7}}, {{"R", "H"}, {6, 2, 9, 1}}, {{"B", "K"}, {7, 3, 4, 4}}};

std::string rules(const Game& game) {
  std::string a = game.label[0], b = game.label[1];
  auto points = [&](int i) { return std::to_string(game.pays[i]) + " points"; };
  return "You play a game over several rounds with one other player. In every round you each pick option " + a +
         " or option " + b + " at the same time. If both pick " + a + ", both of you win " + points(0) +
         ". If you pick " + a + " and the other picks " + b + ", you win " + points(1) + " and the other wins " +
         points(2) + ". If you pick " + b + " and the other picks " + a + ", you win " + points(2) +
         " and the other wins " + points(1) + ". If both pick " + b + ", both of you win " + points(3) +
         ". Your aim is to win as many points as you can.\n\n";
}
std::string told(const Game& game, int round, int mine, int theirs) {
  return "In round " + std::to_string(round) + ", you picked option " + game.label[mine] +
         " and the other player picked option " + game.label[theirs] + ". You won " +
         std::to_string(game.pays[mine * 2 + theirs]) + " points.\n";
}
std::string question(int round) {
  return "\nIt is now round " + std::to_string(round) + ". Which option do you pick?\nAnswer: Option";
}

uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ x >> 27) * 0x94d049bb133111ebull;
  return x ^ x >> 31;
}

double cpu_seconds(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// libllama's plain rate as LOCAL_MODELS 1 has it: one decode of 256 tokens after a prefix of 200, flash attention off; the
// median of five, in tokens a second. With one thread: of CPU time, which other work on the machine disturbs less.
double plain_rate(llama_model* model, const std::vector<llama_token>& tokens, int threads) {
  llama_context_params p = llama_context_default_params();
  p.n_ctx = 1024;
  p.n_batch = p.n_ubatch = 512;
  p.n_threads = p.n_threads_batch = threads;
  p.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  p.no_perf = true;
  std::unique_ptr<llama_context, void (*)(llama_context*)> context(llama_init_from_model(model, p), llama_free);
  auto decode = [&](size_t from, size_t to) {
    std::vector<llama_token> part(tokens.begin() + static_cast<long>(from), tokens.begin() + static_cast<long>(to));
    llama_decode(context.get(), llama_batch_get_one(part.data(), static_cast<int32_t>(part.size())));
    llama_synchronize(context.get());
  };
  auto now = [&] { return threads == 1 ? cpu_seconds(CLOCK_THREAD_CPUTIME_ID) : seconds_now(); };
  decode(0, 200);
  std::vector<double> rates;
  for (int i = 0; i < 5; ++i) {
    double start = now();
    decode(200, 456);
    rates.push_back(256 / (now() - start));
    llama_memory_seq_rm(llama_get_memory(context.get()), 0, 200, -1);
  }
  std::sort(rates.begin(), rates.end());
  return rates[2];
}

// The number of different tokens over all prompts' beginnings: what has to be evaluated at least.
struct Floor {
  std::unordered_set<uint64_t> seen;
  void add(const std::vector<int32_t>& tokens) {
    uint64_t path = 0;
    for (int32_t token : tokens) seen.insert(path = mix(path ^ mix(static_cast<uint64_t>(token) + 1)));
  }
};

struct Seat {
  std::string text;
  int choice = -1;
};

int bench(const Arguments& arguments) {
  std::map<std::string, int> set = {{"matches", 64},    {"rounds", 10}, {"workers", 2},
                                    {"cache_mb", 2048}, {"depth", 0},   {"plain", 1}};
  std::string file = PARLEY_MODEL;
  for (const std::string& argument : arguments) {
    size_t is = argument.find('=');
    if (is == std::string::npos) {
      file = argument;
    } else if (auto known = set.find(argument.substr(0, is)); known != set.end()) {
      known->second = std::stoi(argument.substr(is + 1));
    } else {
      throw Error(
          "parley_bench llama [FILE.gguf] [matches=64] [rounds=10] [workers=2] [cache_mb=2048]\n"
          "  depth=1: one match at a time; plain=0: without the plain rate of two threads, which takes minutes on a "
          "busy machine");
    }
  }
  ModelOptions options;
  options.workers = set["workers"];
  options.cache_bytes = static_cast<size_t>(set["cache_mb"]) << 20;
  std::unique_ptr<Model> model = open_llama(file, options);
  Request request;
  request.model = model->identity();
  request.read = ReadMode::scored;
  request.messages = {{"text", rules(kGames[0]) + rules(kGames[1]) + rules(kGames[2]) + rules(kGames[3])}};
  request.labels = {"J"};
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = 0;
  std::unique_ptr<llama_model, void (*)(llama_model*)> raw(llama_model_load_from_file(file.c_str(), params),
                                                           llama_model_free);
  std::vector<int32_t> sample = llama_tokens(*model, request);
  double before = set["plain"] ? plain_rate(raw.get(), sample, 2) : 0, before_cpu = plain_rate(raw.get(), sample, 1);

  // Matches are played as a study does: an answer leads to the next question; a pure reply is asked for once.
  size_t matches = static_cast<size_t>(set["matches"]), open = 0, next = 0;
  std::vector<Seat> seats(matches * 2);
  std::vector<int> round(matches, 1);
  std::unordered_map<std::string, std::vector<double>> known;      // by prompt
  std::unordered_map<std::string, std::vector<size_t>> asked_for;  // by prompt: seats that wait for it
  std::deque<size_t> waiting;                                      // seats with a question
  std::vector<std::string> prompts;                                // by ticket
  Floor floor;
  int64_t asked_tokens = 0, questions = 0;
  uint64_t digest = 0;
  Mailbox mailbox;
  double start = seconds_now(), start_cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  auto settle = [&](size_t seat, const std::vector<double>& scores) {
    size_t match = seat / 2;
    const Game& game = kGames[match % 4];
    double first = std::exp(scores[0]), second = std::exp(scores[1]);
    double unit =
        static_cast<double>(mix(match * 1000 + static_cast<size_t>(round[match]) * 2 + seat % 2) >> 11) * 0x1p-53;
    seats[seat].choice = unit < first / (first + second) ? 0 : 1;
    Seat &a = seats[match * 2], &b = seats[match * 2 + 1];
    if (a.choice < 0 || b.choice < 0) return;
    a.text += told(game, round[match], a.choice, b.choice);
    b.text += told(game, round[match], b.choice, a.choice);
    a.choice = b.choice = -1;
    if (++round[match] > set["rounds"]) {
      --open;
      return;
    }
    waiting.push_back(match * 2);
    waiting.push_back(match * 2 + 1);
  };
  auto ask = [&](size_t seat) {
    const Game& game = kGames[seat / 2 % 4];
    std::string prompt = seats[seat].text + question(round[seat / 2]);
    request.messages[0].text = prompt;
    request.labels = {game.label[0], game.label[1]};
    std::vector<int32_t> tokens = llama_tokens(*model, request);
    ++questions;
    asked_tokens += static_cast<int64_t>(tokens.size());
    if (auto reply = known.find(prompt); reply != known.end()) return settle(seat, reply->second);
    std::vector<size_t>& askers = asked_for[prompt];
    askers.push_back(seat);
    if (askers.size() > 1) return;
    floor.add(tokens);
    prompts.push_back(prompt);
    model->start(prompts.size() - 1, request, mailbox);
  };
  for (;;) {
    while (model->room() > 1) {
      if (!waiting.empty()) {
        size_t seat = waiting.front();
        waiting.pop_front();
        ask(seat);
      } else if (next < matches && (!set["depth"] || open == 0)) {
        for (size_t seat : {next * 2, next * 2 + 1}) {
          seats[seat].text = rules(kGames[next % 4]);
          waiting.push_back(seat);
        }
        ++open;
        ++next;
      } else {
        break;
      }
    }
    if (open == 0 && next == matches) break;
    for (Answer& answer : mailbox.take(std::chrono::steady_clock::now() + std::chrono::seconds(60))) {
      if (answer.reply.failure) throw Error(answer.reply.failure->what);
      const std::string& prompt = prompts[answer.ticket];
      for (double score : answer.reply.scores) {
        uint64_t bits;
        std::memcpy(&bits, &score, sizeof bits);
        digest += mix(bits ^ std::hash<std::string>()(prompt));
      }
      known[prompt] = answer.reply.scores;
      for (size_t seat : asked_for[prompt]) settle(seat, answer.reply.scores);
      asked_for.erase(prompt);
    }
  }
  double wall = seconds_now() - start, cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - start_cpu;
  double after = set["plain"] ? plain_rate(raw.get(), sample, 2) : 0, after_cpu = plain_rate(raw.get(), sample, 1);
  LlamaCounts counts = llama_counts(*model);
  double evaluated = static_cast<double>(counts.evaluated);
  printf("questions %ld, of these evaluated %ld; tokens asked %ld, evaluated %ld, floor %zu; kept %.0f MB\n",
         static_cast<long>(questions), static_cast<long>(counts.prompts), static_cast<long>(asked_tokens),
         static_cast<long>(counts.evaluated), floor.seen.size(), static_cast<double>(counts.kept_bytes) / 1e6);
  if (set["plain"]) {
    printf("wall %.1f s; plain rate %.0f, then %.0f tokens/s; wall / (evaluated / plain) = %.2f (1.15 at most)\n", wall,
           before, after, wall / (evaluated / ((before + after) / 2)));
  }
  printf("CPU %.1f s; plain rate of one thread %.0f, then %.0f tokens/s; CPU / (evaluated / plain) = %.2f\n", cpu,
         before_cpu, after_cpu, cpu / (evaluated / ((before_cpu + after_cpu) / 2)));
  printf("digest of all scores %016lx\n", static_cast<unsigned long>(digest));
  return 0;
}

// Requests on stdin, one JSON object a line, with fields as in `parley prompt --json` (messages, cue, labels, sampling) and
// draw: their tokens and scores, or the text, one line each.
int score(const Arguments& arguments) {
  ModelOptions options;
  options.workers = 1;
  std::unique_ptr<Model> model = open_llama(arguments.empty() ? PARLEY_MODEL : arguments[0], options);
  Mailbox mailbox;
  std::string line;
  while (std::getline(std::cin, line)) {
    Value in = from_json(line);
    Request request;
    request.model = model->identity();
    for (const Value& m : in["messages"].list()) request.messages.push_back({m["role"].string(), m["text"].string()});
    if (in["cue"].is_string()) request.cue = in["cue"].string();
    if (in["draw"].is_number()) request.draw = static_cast<uint64_t>(in["draw"].number());
    request.sampling = in["sampling"];
    if (in["labels"].is_list() && !in["labels"].list().empty()) {
      request.read = ReadMode::scored;
      for (const Value& label : in["labels"].list()) request.labels.push_back(label.string());
    }
    model->start(0, request, mailbox);
    auto answers = mailbox.take(std::chrono::steady_clock::now() + std::chrono::hours(1));
    const Reply& reply = answers.at(0).reply;
    Value::Record out;
    if (reply.failure) {
      out.emplace("failure", reply.failure->what);
    } else {
      std::vector<int32_t> tokens = llama_tokens(*model, request);
      out.emplace("tokens", Value::List(tokens.begin(), tokens.end()));
      if (request.read == ReadMode::scored) {
        out.emplace("scores", Value::List(reply.scores.begin(), reply.scores.end()));
      } else {
        out.emplace("text", reply.text);
        out.emplace("finish", reply.finish);
        out.emplace("output", reply.usage.output);
      }
    }
    printf("%s\n", to_json(out).c_str());
    fflush(stdout);
  }
  return 0;
}

Bench llama_bench("llama", "a local model: tokens asked, evaluated, floor; wall time against libllama's plain rate",
                  bench);
Bench score_bench("score", "scores or answers of requests on stdin, a JSON object a line", score);

}  // namespace
#endif
