#include "study/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>
#include <unordered_map>

#include "base/error.h"
#include "script/match.h"
#include "study/held.h"

namespace parley {
namespace {

using Time = std::chrono::steady_clock::time_point;
using std::chrono::steady_clock;

constexpr auto kGrace = std::chrono::seconds(5);  // for what is in flight after stop()
constexpr int kMostRetries = 3;                   // of a request that failed and may be tried again
constexpr size_t kMostFixedABatch = 512;          // matches that ask nobody, between two commits

// A match under way.
struct Open {
  uint64_t number;  // in the plan, from 1
  HeldMatch held;
  std::unique_ptr<Match> match;
  size_t unanswered = 0;
};

// A request on its way: who waits for its answer. Pure ones may have several.
struct Flight {
  std::unique_ptr<Request>
      request;  // until it is started: what is in flight is asked for again where it is needed again
  Model* model = nullptr;
  Hash hash;
  bool pure = false;
  std::vector<std::pair<Open*, Place>> waiting;
  int retries = 0;
  size_t characters = 0;  // of its prompt
  double reserved = 0;    // of a budget, while it is in flight
};

}  // namespace

struct Run::Impl {
  Impl(const Design& d, Scripts& s, Store& st, ModelSet& m, RunOptions o)
      : design(d),
        scripts(s),
        store(st),
        models(m),
        options(o),
        began(steady_clock::now()),
        inputs(s, st),
        spending(st, m) {}

  const Design& design;
  Scripts& scripts;
  Store& store;
  ModelSet& models;
  RunOptions options;
  Time began;
  Inputs inputs;
  Spending spending;
  Progress progress;

  std::vector<MatchState> states;
  uint64_t next = 0;                               // index of the next match to look at
  std::map<uint64_t, std::unique_ptr<Open>> open;  // by number
  std::vector<std::unique_ptr<Open>> ended;        // still pointed to: by deliveries, by requests on their way
  std::deque<std::unique_ptr<Flight>> waiting;     // for room
  std::unordered_map<Ticket, std::unique_ptr<Flight>> flying;
  std::map<Hash, Flight*> pure;  // waiting or flying
  Mailbox mailbox;
  Ticket last_ticket = 0;
  std::set<const Model*> told_about;
  uint64_t retries = 0;
  double reserved = 0;  // of the budget, by what is in flight
  bool stopping = false;
  Time stop_by;
  std::string error;  // an author's mistake, to be thrown at the end

  // --- which matches are to be played

  // Opens the i-th match of the order where there is something to play; it is advanced as far as it goes. True: it was.
  bool take_up(uint64_t i) {
    std::shared_ptr<const Plan> plan = design.at(i);
    auto held = HeldMatch::take_up(store, inputs, i + 1, states[i], *plan, design.game(design.where(i).condition),
                                   options.retry_void);
    if (!held) return false;
    if (held->new_version()) ++progress.new_versions;
    auto playing = std::make_unique<Match>(scripts, plan, held->attempt());
    std::unique_ptr<Open> match(new Open{i + 1, std::move(*held), std::move(playing)});
    go_on(*open.emplace(i + 1, std::move(match)).first->second);
    forget_ended();  // at once, so that the next match writes into the same memory
    return true;
  }

  // Plays a match on until it waits or ends.
  void go_on(Open& match) {
    std::deque<Question> questions;
    for (;;) {
      for (Question& question : match.match->advance()) questions.push_back(std::move(question));
      if (questions.empty()) break;
      Question question = std::move(questions.front());
      questions.pop_front();
      put(match, std::move(question));
    }
    if (match.match->status() != MatchStatus::open) finish(match);
  }

  // Answers a question from what the file holds, or queues its request.
  void put(Open& match, Question question) {
    Hash hash = hash_of(question.request.canonical());
    if (const auto held = match.held.reply(question.place, hash)) {
      ++progress.reused;
      match.match->answer(question.place, *held);
      return;
    }
    bool is_pure = question.request.pure();
    Model* model = models.by_identity(question.request.model);
    if (is_pure && !stopping) {
      if (auto flight = pure.find(hash); flight != pure.end()) {
        flight->second->waiting.emplace_back(&match, question.place);
        ++match.unanswered;
        return;
      }
      if (auto kept = store.pure(hash, model ? ModelSet::build_of(*model) : "")) {
        ++progress.reused;
        store.point(match.held.row(), question.place, kept->answer);
        match.match->answer(question.place, kept->reply);
        return;
      }
    }
    if (options.offline || !model) {
      throw Error(fmt::format("match {}: {} holds no reply to question {} of seat {}{}", match.number, store.path(),
                              question.place.n, question.place.seat,
                              options.offline ? ", and --offline asks nobody" : ""));
    }
    if (stopping) return;
    auto flight = std::make_unique<Flight>();
    flight->request = std::make_unique<Request>(std::move(question.request));
    flight->model = model;
    flight->hash = hash;
    flight->pure = is_pure;
    flight->waiting.emplace_back(&match, question.place);
    if (is_pure) pure.emplace(hash, flight.get());
    if (question.place.attempt > 1) ++progress.repairs;
    ++match.unanswered;
    waiting.push_back(std::move(flight));
  }

  void finish(Open& match) {
    const Transcript& transcript = match.match->transcript();
    if (const auto& data = match.match->data(); !data.empty())
      store.change_inputs(match.held.row(), inputs.of(match.match->plan(), data));
    store.finish(match.held.row(), transcript);
    switch (transcript.status) {
      case MatchStatus::whole:
        ++progress.whole;
        break;
      case MatchStatus::void_:
        ++progress.voided;
        break;
      default:
        ++progress.failed;
        break;
    }
    progress.choices += transcript.choices();
    ended.push_back(std::move(open[match.number]));
    open.erase(match.number);
  }

  // --- models

  // The request of a flight that comes back, from a match that still waits for it; false where none does.
  bool ask_again(Flight& flight) {
    for (const auto& [match, place] : flight.waiting) {
      if (match->match->status() != MatchStatus::open) continue;
      flight.request = std::make_unique<Request>(match->match->request(place));
      return true;
    }
    for (const auto& [match, place] : flight.waiting) --match->unanswered;
    if (flight.pure) pure.erase(flight.hash);
    return false;
  }

  // Puts what waits to models that have room, within the budget. How many are asked is committed before they are.
  void start_waiting() {
    if (waiting.empty() || stopping) return;
    std::deque<std::unique_ptr<Flight>> rest;
    std::vector<std::unique_ptr<Flight>> ready;
    std::map<Model*, int> room;
    bool dear = false;
    while (!waiting.empty()) {
      std::unique_ptr<Flight> flight = std::move(waiting.front());
      waiting.pop_front();
      Model* model = flight->model;
      auto left = room.find(model);
      if (left == room.end()) left = room.emplace(model, model->room()).first;
      if (left->second <= 0) {
        rest.push_back(std::move(flight));
        continue;
      }
      if (!flight->request && !ask_again(*flight)) continue;
      flight->characters = flight->request->characters();
      flight->reserved = spending.reserve(options.budget, model->identity(), flight->characters);
      if (!spending.affords(options.budget, reserved + flight->reserved)) {
        dear = true;
        rest.push_back(std::move(flight));
        continue;
      }
      reserved += flight->reserved;
      --left->second;
      ready.push_back(std::move(flight));
    }
    waiting.swap(rest);
    if (ready.empty()) {
      if (dear && flying.empty()) stop_for(budget_spent());
      return;
    }
    for (const auto& flight : ready) {
      Model& model = *flight->model;
      if (told_about.insert(&model).second) store.model(model.identity(), ModelSet::build_of(model), model.about());
    }
    store.asked(ready.size());
    store.commit();
    progress.asked += ready.size();
    for (std::unique_ptr<Flight>& flight : ready) {
      Ticket ticket = ++last_ticket;
      Model& model = *flight->model;
      std::unique_ptr<Request> request = std::move(flight->request);
      flying[ticket] = std::move(flight);
      model.start(ticket, *request, mailbox);
    }
  }

  std::string budget_spent() const {
    if (options.budget.money > 0)
      return fmt::format("{:.4g} of its budget of {:.4g} is spent, and what comes next would pass it", spending.money(),
                         options.budget.money);
    return fmt::format("{} of its budget of {:.0f} tokens are spent, and what comes next would pass it",
                       spending.tokens(), options.budget.tokens);
  }

  // The matches that are left stay pending.
  void stop_for(std::string why) {
    progress.stopped = std::move(why);
    stop();
  }

  // Keeps what has arrived, commits it, and only then lets matches go on with it.
  void take_in(std::vector<Answer> answers) {
    struct Delivery {
      Open* match;
      Place place;
      Reply reply;
    };
    std::vector<Delivery> deliveries;
    uint64_t ended_now = 0;
    for (Answer& answer : answers) {
      auto at = flying.find(answer.ticket);
      if (at == flying.end()) continue;
      std::unique_ptr<Flight> flight = std::move(at->second);
      flying.erase(at);
      ++ended_now;
      reserved = flying.empty() ? 0 : reserved - flight->reserved;
      const Reply& reply = answer.reply;
      const std::string identity = flight->model->identity();
      store.faults(flight->waiting[0].first->held.row(), flight->waiting[0].second, identity, reply.faults);
      // A model that tries again by itself says how often it did.
      if (reply.failure && reply.failure->size == Failure::Size::again && !stopping &&
          (flight->retries += reply.tries) <= kMostRetries) {
        ++retries;
        waiting.push_back(std::move(flight));
        continue;
      }
      if (flight->pure) pure.erase(flight->hash);
      progress.tokens += static_cast<uint64_t>(reply.usage.input + reply.usage.output);
      if (!reply.failure) spending.add(identity, reply.usage, flight->characters);
      bool asks_no_more = reply.failure && reply.failure->size == Failure::Size::model;
      if (asks_no_more && !stopping) stop_for(reply.failure->what);
      if (options.budget.any() && !stopping && !reply.failure && spending.models().at(identity).hosted &&
          reply.usage == Usage())
        stop_for(identity + " does not say how many tokens its replies take, so that no budget can be kept");
      for (auto& [match, place] : flight->waiting) {
        --match->unanswered;
        match->held.keep(place, flight->hash, flight->pure, identity, reply);
        if (!asks_no_more && !(reply.failure && stopping)) deliveries.push_back({match, place, reply});
      }
    }
    if (ended_now > 0) store.answered(ended_now);
    store.commit();
    for (Delivery& delivery : deliveries) {
      if (delivery.match->match->status() != MatchStatus::open) continue;
      guarded([&] {
        delivery.match->match->answer(delivery.place, delivery.reply);
        go_on(*delivery.match);
      });
    }
  }

  void forget_ended() {
    std::erase_if(ended, [](const std::unique_ptr<Open>& match) { return match->unanswered == 0; });
  }

  // An author's mistake ends the run as Ctrl-C does, and is thrown when what is in flight has been stored.
  template <typename F>
  void guarded(F play) {
    try {
      play();
    } catch (const Error& e) {
      if (error.empty()) error = e.what();
      stop();
    }
  }

  void stop() {
    if (stopping) return;
    stopping = true;
    stop_by = steady_clock::now() + kGrace;
    for (const auto& flight : waiting) pure.erase(flight->hash);
    waiting.clear();
    for (const auto& [identity, model] : models.opened()) model->cancel();
    mailbox.wake();
  }

  // The index behind the last match of the order that is looked at.
  uint64_t end() const { return options.limit > 0 ? std::min<uint64_t>(options.limit, design.size()) : design.size(); }
  bool mine(uint64_t i) const { return i % options.shards == options.shard - 1; }

  bool room_for_more() const {
    if (!waiting.empty()) return false;
    if (options.most_open > 0 && open.size() >= options.most_open) return false;
    for (const auto& [identity, model] : models.opened()) {
      if (model->room() <= 0) return false;
    }
    return true;
  }

  // What progress says of this moment.
  void look() {
    progress.open = open.size();
    progress.in_flight = flying.size();
    progress.spent = spending.money() - progress.spent_before;
    progress.seconds = std::chrono::duration<double>(steady_clock::now() - began).count();
    progress.retries = retries;
    progress.trouble.clear();
    for (const auto& [identity, model] : models.opened()) {
      const Model::Health health = model->health();
      progress.retries += health.sent_again;
      if (!health.trouble.empty()) progress.trouble = identity + " " + health.trouble;
    }
  }

  bool step(Time deadline) {
    for (;;) {
      start_waiting();
      size_t played = 0;
      while (!stopping && next < end() && room_for_more() && played < kMostFixedABatch) {
        uint64_t i = next++;
        if (!mine(i)) continue;
        guarded([&] { played += take_up(i); });
        start_waiting();
        if ((played & 15) == 0 && steady_clock::now() >= deadline) break;
      }
      if (played > 0) store.commit();
      forget_ended();
      look();
      bool more = stopping ? !flying.empty() && steady_clock::now() < stop_by : next < end() || !open.empty();
      if (!more) {
        store.end_run();
        store.commit();
        if (!error.empty()) throw Error(error);
        return false;
      }
      if (steady_clock::now() >= deadline) return true;
      bool may_wait = !flying.empty() && (stopping || next >= end() || !room_for_more());
      take_in(mailbox.take(may_wait ? std::min(deadline, stopping ? stop_by : deadline) : steady_clock::now()));
    }
  }
};

Run::Run(const Design& design, const StudyInfo& info, Scripts& scripts, Store& store, ModelSet& models,
         RunOptions options)
    : impl_(std::make_unique<Impl>(design, scripts, store, models, options)) {
  Impl& impl = *impl_;
  for (const auto& [identity, of] : impl.spending.models()) {
    if (options.budget.money > 0 && of.hosted && !of.price && models.by_identity(identity)) {
      throw Error(
          fmt::format("models.json says no price of {}, so that a budget of money cannot be kept: say it there, or a "
                      "budget of tokens (--budget 5Mtok)",
                      identity));
    }
  }
  impl.progress.priced = impl.spending.priced();
  impl.progress.spent_before = impl.spending.money();
  std::map<const Condition*, size_t> conditions;
  for (size_t i = 0; i < design.conditions().size(); ++i) conditions.emplace(design.conditions()[i].get(), i);
  impl.states = store.plan(
      info, design.size(), [&](uint64_t i) { return *design.at(i); },
      [&](const Condition& condition) { return design.resolved(conditions.at(&condition)); });
  for (uint64_t i = 0; i < impl.end(); ++i) {
    if (!impl.mine(i)) continue;
    ++impl.progress.planned;
    const MatchState& state = impl.states[i];
    bool over = state.status == MatchStatus::whole || (state.status == MatchStatus::void_ && !options.retry_void);
    if (state.row != 0 && over && impl.inputs.still_hold(state.inputs, impl.inputs.of(*design.at(i))))
      ++impl.progress.already;
  }
  store.commit();
}

Run::~Run() = default;
bool Run::step(std::chrono::steady_clock::time_point deadline) { return impl_->step(deadline); }
void Run::stop() { impl_->stop(); }
const Progress& Run::progress() const { return impl_->progress; }

}  // namespace parley
