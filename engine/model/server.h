// A model behind HTTP: many requests in flight, tried again with back-off, spread over the servers that answer (DESIGN 7).
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "model/http.h"
#include "model/model.h"

namespace parley {

// What a kind of server is told and says: request to bytes, bytes to reply.
class Dialect {
 public:
  virtual ~Dialect() = default;
  // The whole request but for the server's address and the secrets: path ("/chat/completions") and body.
  struct Call {
    std::string path, body;
  };
  virtual Call call(const Request& request) const = 0;
  // As Model's.
  virtual bool can(ReadMode) const { return true; }
  virtual std::string objection(const Request&) const { return ""; }
  // Headers of every request, the key among them.
  virtual std::vector<std::string> headers() const = 0;
  // Of a reply with status 200. Failure `again` (its words: "sends ...") where the body is none of such a server.
  virtual Reply read(const Request& request, const std::string& body) const = 0;
};

// What dialects share. A number of tokens in a reply: 0 where it is none. A reply that is none of such a server's ("sends ...").
int64_t tokens_of(const Value& number);
Reply no_reply(std::string what);

struct ServerOptions {
  std::vector<std::string> base_urls;           // where the same model answers: "http://localhost:8000/v1"
  int in_flight = 64;                           // at most, over all of them
  int a_minute = 0;                             // requests; 0: no limit
  std::chrono::milliseconds deadline{600'000};  // of one try
  Value price;                                  // as Price has it (model/price.h); nil: not known
  // What must never be stored or shown, should a server say it.
  std::string secret;
};

// `name` as studies write it ("openai:gpt-x"): its identity. `kind`: "openai".
std::unique_ptr<Model> open_server(const std::string& name, const std::string& kind, std::unique_ptr<Dialect> dialect,
                                   ServerOptions options);

}  // namespace parley
