#include "model/model.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <thread>

#include "base/error.h"
#include "base/file.h"
#include "model/models.h"

using namespace parley;

namespace {

std::string error_of(const std::string& name) {
  try {
    open_model(name);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

auto soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(5); }

}  // namespace

TEST_CASE("models by their names") {
  CHECK(open_model("scripted:random")->identity() == "scripted:random");
  CHECK(open_model("scripted:hold")->identity() == "scripted:hold");
  CHECK(open_model("human")->identity() == "human");
  const std::string kinds =
      ": a model is llama:NAME, llama:PATH.gguf, openai:NAME, anthropic:NAME, scripted:FILE, scripted:random or human";
  CHECK(error_of("lama:smollm2") == "no model 'lama:smollm2' (did you mean 'llama'?)" + kinds);
  CHECK(error_of("script:x") == "no model 'script:x' (did you mean 'scripted'?)" + kinds);
  CHECK(error_of("smollm2") == "no model 'smollm2'" + kinds);
  CHECK(error_of("llama:") == "no model 'llama:'" + kinds);
  CHECK(error_of("human:me") == "no model 'human:me'" + kinds);
  CHECK(error_of("scripted:/nowhere") == "cannot read '/nowhere': No such file or directory");
  CHECK(error_of("llama:/nowhere/x.gguf") ==
        "llama:/nowhere/x.gguf: there is no file '/nowhere/x.gguf'; scripts/setup installs the model in the box");
}

TEST_CASE("models that setup installed") {
  std::string home = "/tmp/parley_model_test_" + std::to_string(getpid());
  std::filesystem::create_directories(home + "/models");
  write_file(home + "/models/homely.gguf", "no model");
  setenv("PARLEY_HOME", home.c_str(), 1);
  std::string what = error_of("llama:homly");
  CHECK(what.starts_with("llama:homly: no such model (did you mean 'homely'?); looked for " + home +
                         "/models/homly.gguf, "));
  CHECK(what.ends_with(
      " and models/homly.gguf; scripts/setup installs the model in the box, and llama:PATH.gguf is any other"));
  const std::string path = "'" + home + "/models/homely.gguf'";
#if PARLEY_LLAMA
  CHECK(error_of("llama:homely") == path + " is no model: no GGUF file");
  write_file(home + "/models/homely.gguf", "GGUF\x03");
  CHECK(error_of("llama:homely").starts_with(path + " cannot be loaded as a model"));
#else
  CHECK(error_of("llama:homely") ==
        path + " cannot be opened: this parley was built without libllama (PARLEY_LLAMA=OFF)");
#endif
  unsetenv("PARLEY_HOME");
  std::filesystem::remove_all(home);
}

TEST_CASE("a mailbox gives what has arrived, waits, and is woken") {
  Mailbox mailbox;
  CHECK(mailbox.take(std::chrono::steady_clock::now()).empty());
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    mailbox.put(1, Reply{.text = "one"});
  });
  auto answers = mailbox.take(soon());
  other.join();
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].reply.text == "one");
  mailbox.wake();
  CHECK(mailbox.take(soon()).empty());
}

TEST_CASE("a person is shown a prompt and answers with a line") {
  std::istringstream in("J\n  two words \r\nlast");
  std::ostringstream out;
  ModelOptions options;
  options.in = &in;
  options.out = &out;
  auto model = open_model("human", options);
  CHECK(model->can(ReadMode::text));
  CHECK(!model->can(ReadMode::scored));
  Mailbox mailbox;
  Request request;
  request.about.seat = "row";
  auto ask = [&](const std::string& text) {
    request.messages = {{"text", text}};
    out.str("");
    model->start(1, request, mailbox);
    auto answers = mailbox.take(soon());
    REQUIRE(answers.size() == 1);
    return answers[0].reply;
  };
  request.cue = "Answer:";
  CHECK(ask("The rules.\n\nRound 1: J or F?\n").text == "J");
  CHECK(out.str() == "The rules.\n\nRound 1: J or F?\nAnswer: ");
  // Only what is new.
  CHECK(ask("The rules.\n\nRound 1: you J, other F.\nRound 2: J or F?\n").text == "  two words ");
  CHECK(out.str() == "Round 1: you J, other F.\nRound 2: J or F?\nAnswer: ");
  // All of it for another seat; messages of a chat are paragraphs.
  request.about.seat = "column";
  request.cue = "";
  request.messages = {{"system", "The rules."}, {"user", "J or F?"}};
  out.str("");
  model->start(2, request, mailbox);
  CHECK(mailbox.take(soon()).at(0).reply.text == "last");
  CHECK(out.str() == "The rules.\n\nJ or F? ");
  Reply end = ask("more\n");
  CHECK(out.str() == "more\n> ");
  REQUIRE(end.failure);
  CHECK(end.failure->size == Failure::Size::model);
  CHECK(end.failure->what == "end of input");
}
