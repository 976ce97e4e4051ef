#include "model/models.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "model/anthropic.h"
#include "model/llama.h"
#include "model/openai.h"
#include "model/scripted.h"

#ifndef PARLEY_MODELS_DIR
#ifdef PARLEY_SHARE_DIR
#define PARLEY_MODELS_DIR PARLEY_SHARE_DIR "/build/models"
#else
#define PARLEY_MODELS_DIR "build/models"
#endif
#endif

namespace parley {
namespace {

constexpr ModelKind kKinds[] = {{.word = "llama", .local = true},
                                {.word = "openai", .hosted = true},
                                {.word = "anthropic", .hosted = true},
                                {.word = "scripted", .free = true},
                                {.word = "human", .person = true}};

std::vector<std::string> model_folders() {
  std::vector<std::string> folders;
  if (const char* home = std::getenv("PARLEY_HOME"); home && *home) folders.push_back(std::string(home) + "/models");
  folders.push_back(PARLEY_MODELS_DIR);
  folders.push_back("models");
  return folders;
}

}  // namespace

const ModelKind& kind_of(std::string_view model) {
  static constexpr ModelKind kNone;
  const std::string_view word = model.substr(0, model.find(':'));
  const auto* found =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](const ModelKind& k) { return k.word == word; });
  return found == std::end(kKinds) ? kNone : *found;
}

std::vector<std::string> installed_models() {
  std::vector<std::string> names;
  for (const std::string& folder : model_folders()) {
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
      if (entry.path().extension() == ".gguf") names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

namespace {

// The file of "llama:WHERE".
std::string gguf(const std::string& where) {
  if (where.ends_with(".gguf") || where.find('/') != std::string::npos) {
    if (file_exists(where)) return where;
    throw Error("llama:" + where + ": there is no file '" + where + "'; scripts/setup installs the model in the box");
  }
  std::vector<std::string> looked;
  for (const std::string& folder : model_folders()) {
    looked.push_back(folder + "/" + where + ".gguf");
    if (file_exists(looked.back())) return looked.back();
  }
  throw Error("llama:" + where + ": no such model" + did_you_mean(where, installed_models()) + "; looked for " +
              joined(looked) + "; scripts/setup installs the model in the box, and llama:PATH.gguf is any other");
}

// A hosted kind: where its maker's own server is, and which variable holds its key.
struct Hosted {
  const char *kind, *url, *key;
};
constexpr Hosted kHosted[] = {{"openai", "https://api.openai.com/v1", "OPENAI_API_KEY"},
                              {"anthropic", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"}};

// "openai:NAME", "anthropic:NAME".
std::unique_ptr<Model> open_hosted(const Hosted& hosted, const std::string& name, const ModelOptions& options) {
  const std::string kind = hosted.kind, whole = kind + ":" + name;
  Profile profile = profile_of(options.profiles, options.profiles_path, whole);
  ServerOptions server;
  server.base_urls = options.base_urls.empty() ? profile.base_urls : options.base_urls;
  auto said = [](int here, int there, int otherwise) { return here > 0 ? here : there > 0 ? there : otherwise; };
  server.in_flight = said(options.in_flight, profile.in_flight, server.in_flight);
  server.a_minute = said(options.a_minute, profile.a_minute, 0);
  server.deadline = std::chrono::milliseconds(static_cast<int64_t>(std::min(options.seconds, 1e6) * 1000));
  server.price = profile.price;
  const bool own = server.base_urls.empty();
  if (own) server.base_urls.emplace_back(hosted.url);
  for (std::string& url : server.base_urls) {
    if (!url.starts_with("http://") && !url.starts_with("https://"))
      throw Error("'" + url + "' is no address of a server: it begins with http:// or https://");
    while (url.ends_with('/')) url.pop_back();
  }
  const std::string variable = profile.key.empty() ? hosted.key : profile.key;
  const char* key = std::getenv(variable.c_str());
  if (key) server.secret = key;
  if (server.secret.empty() && (own || !profile.key.empty())) {
    throw Error(whole + ": the environment has no " + variable +
                (own ? "; --base-url URL names a server of your own" : ", which its profile names"));
  }
  std::unique_ptr<Dialect> dialect;
  if (kind == "openai") {
    // OpenAI's own newer models take no other.
    if (own && profile.max_tokens.empty()) profile.max_tokens = "max_completion_tokens";
    dialect = openai_dialect({name, server.secret, std::move(profile)});
  } else {
    dialect = anthropic_dialect(name, server.secret, std::move(profile));
  }
  return open_server(whole, kind, std::move(dialect), std::move(server));
}

}  // namespace

std::unique_ptr<Model> open_model(const std::string& name, const ModelOptions& options) {
  size_t colon = name.find(':');
  std::string kind = name.substr(0, colon), rest = colon == std::string::npos ? "" : name.substr(colon + 1);
  if (kind == "llama" && !rest.empty()) return open_llama(gguf(rest), options);
  if (kind == "scripted" && rest == "random") return random_model();
  if (kind == "scripted" && rest == "hold") return holding_model();
  if (kind == "scripted" && !rest.empty()) return open_scripted(rest);
  for (const Hosted& hosted : kHosted) {
    if (kind == hosted.kind && !rest.empty()) return open_hosted(hosted, rest, options);
  }
  if (name == "human") throw Error("human: there is no terminal here at which a person could answer");
  std::vector<std::string> words;
  for (const ModelKind& one : kKinds) words.emplace_back(one.word);
  throw Error("no model '" + name + "'" + did_you_mean(kind, words) +
              ": a model is llama:NAME, llama:PATH.gguf, openai:NAME, anthropic:NAME, "
              "scripted:FILE, scripted:random or human");
}

}  // namespace parley
