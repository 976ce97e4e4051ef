// The seam to whatever answers: a local model, a server, a script, a person (DESIGN 3 and 7). Knows no game, Lua or store.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace parley {

struct Message {
  std::string role;  // "system", "user", "assistant"; "text" where the request is one growing text (then the only one)
  std::string text;
  friend bool operator==(const Message&, const Message&) = default;
};

enum class ReadMode { scored, constrained, text };
const char* mode_name(ReadMode mode);  // as it is called everywhere

// What is asked. Everything but `draw` and `about` is in its hash.
struct Request {
  std::string model;  // identity: of a file its hash, of others their name
  Value sampling;     // temperature, top_p, max_tokens, reasoning, seed, extra; as asked
  std::vector<Message> messages;
  std::string cue;  // how an answer begins: ends a text, opens the answer of a chat; may be empty
  ReadMode read = ReadMode::text;
  std::vector<std::string> labels;  // scored, constrained: the legal answers, bare words
  Value schema;                     // constrained: the JSON schema that the answer is held to; else nil

  uint64_t draw = 0;  // randomness for a sampled answer, by place: the only chance that a model may use
  // What it is about, for models that are scripts, and for logs: not for models that think.
  struct About {
    std::string seat, question, decision;
    int round = 0, attempt = 1;
    // Which of this seat's requests for this question in the match it is, from 1, so that a script's answers are taken in
    // turn whatever the order of arrival: all requests of the seat's earlier asks of that question, then
    // (attempt - 1) * samples + sample.
    int turn = 1;
    Value actions;  // the action set asked for, as a Value, with items as labels; scripted:random answers from it
  } about;

  bool pure() const {
    return read == ReadMode::scored;
  }  // the answer is a function of the request: shared within a file
  // Of all that is said in it; bytes.
  size_t characters() const;
  // Canonical bytes of all that is hashed.
  std::string canonical() const;
};

// Tokens: all that were sent; of these, those that a server took from its cache, and those that it put there; all that came;
// of these, those of reasoning.
struct Usage {
  int64_t input = 0, cached = 0, written = 0, output = 0, reasoning = 0;
  Usage& operator+=(const Usage& more);
  friend bool operator==(const Usage&, const Usage&) = default;
};

// Why there is no answer. `again`: try later; `request`: this one never; `model`: none of this model's (DESIGN 7).
struct Failure {
  enum class Size { again, request, model } size = Size::again;
  std::string what;
};

// A try that came to nothing: "429", "unreachable", "broken", "slow", "too long", "untrusted", "no answer in it"; in words.
struct Fault {
  std::string what, words;
};

struct Reply {
  // One of these holds: scores (scored: one log-probability for each label of the request, in order; exp of them sums to
  // the legal mass, at most 1; minus infinity: not visible, since a server shows its best tokens only), or text, or a failure.
  std::vector<double> scores;
  std::string text;
  std::optional<Failure> failure;
  std::string finish = "stop";  // "stop", "length" (cut at the token limit), "filter", "refusal"
  std::string thinking;
  Usage usage;
  std::string served;  // the model that answered, as it names itself, with fingerprint where there is one
  std::string
      build;        // of a local model: library version and system info; pure replies are shared within one build only
  std::string raw;  // the body as it came, where there was one
  double seconds = 0;         // from start to answer
  int tries = 1;              // how often it was sent
  std::vector<Fault> faults;  // of the tries before the last, and of the last where there is a failure
  friend bool operator==(const Reply& a, const Reply& b) { return a.to_value() == b.to_value(); }
  // Everything but seconds, tries and faults, which are outside the promise.
  Value to_value() const;
};

// What is known of a model by its name ("llama:smollm2") alone: the word before its colon.
struct ModelKind {
  std::string_view word;
  bool local = false;   // evaluated in this process, from a file
  bool hosted = false;  // on a server: what it answers may cost money
  bool free = false;    // no model at all: its answers cost neither money nor time
  bool person = false;  // plays one match at a time, and gives no table
  // Whether the answer of a chat can be made to begin with a cue: not over a server's chat completions.
  bool takes_cue() const { return !hosted; }
};
// Of a name that is of no kind: one with an empty word.
const ModelKind& kind_of(std::string_view model);

using Ticket = uint64_t;
struct Answer {
  Ticket ticket;
  Reply reply;
};

// Where answers arrive: the one thing the playing thread waits on. Thread-safe. A copy is the same mailbox: models keep one for
// each request, so that an answer may come when whoever asked has gone.
class Mailbox {
 public:
  Mailbox() : box_(std::make_shared<Box>()) {}
  void put(Ticket ticket, Reply reply) const;
  // All that has arrived; waits for the first until the deadline or wake(). May be empty.
  std::vector<Answer> take(std::chrono::steady_clock::time_point deadline) const;
  void wake() const;

 private:
  struct Box {
    std::mutex mutex;
    std::condition_variable arrived;
    std::deque<Answer> answers;
    bool woken = false;
  };
  std::shared_ptr<Box> box_;
};

class Model {
 public:
  virtual ~Model() = default;
  // The identity that stands in requests (a file's hash, a server's name), and what is known of it for the store: name,
  // kind, path, hash, quantisation, chat template, parameters, build.
  virtual std::string identity() const = 0;
  virtual Value about() const = 0;
  virtual bool can(ReadMode read) const = 0;
  // Why this request cannot be put (a label that changes the prompt's last token, a prompt too long), or "".
  // Costs no evaluation; `check` and the run ask it.
  virtual std::string objection(const Request&) { return ""; }
  // How many more may be started now.
  virtual int room() const = 0;
  // Exactly one put() follows each start(), from any thread, also after cancel(); it may come before start() returns.
  virtual void start(Ticket ticket, const Request& request, Mailbox& mailbox) = 0;
  // How it is doing, for whoever looks on: how often something was sent again so far, and what is wrong now ("" nothing).
  struct Health {
    uint64_t sent_again = 0;
    std::string trouble;
  };
  virtual Health health() const { return {}; }
  // What was started and has not begun is answered with a failure; what runs may end. Returns at once.
  virtual void cancel() {}
};

}  // namespace parley
