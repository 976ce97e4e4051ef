#include "model/model.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
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
  CHECK(error_of("human") == "human: there is no terminal here at which a person could answer");
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

TEST_CASE("what is known of a model by its name") {
  CHECK(kind_of("llama:smollm2").local);
  CHECK(kind_of("openai:gpt").hosted);
  CHECK(!kind_of("anthropic:claude").takes_cue());
  CHECK(kind_of("llama:openai").takes_cue());
  CHECK(kind_of("scripted:random").free);
  CHECK(kind_of("human").person);
  CHECK(kind_of("").word.empty());
  CHECK(kind_of("humane").word.empty());
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
