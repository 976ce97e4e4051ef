#include "model/openai.h"

#include <cmath>
#include <limits>
#include <map>

#include "base/error.h"
#include "base/json.h"

namespace parley {
namespace {

const Value& first(const Value& list) {
  static const Value none;
  return list.is_list() && !list.list().empty() ? list.list()[0] : none;
}

std::string text_of(const Value& content) {  // a text, or a list of parts
  if (content.is_string()) return content.string();
  std::string out;
  if (content.is_list()) {
    for (const Value& part : content.list()) {
      if (part["text"].is_string()) out += part["text"].string();
    }
  }
  return out;
}

class OpenAi : public Dialect {
 public:
  explicit OpenAi(OpenAiOptions options) : options_(std::move(options)) {}

  std::vector<std::string> headers() const override {
    std::vector<std::string> out = {"Content-Type: application/json"};
    if (!options_.key.empty()) out.push_back("Authorization: Bearer " + options_.key);
    return out;
  }

  std::string objection(const Request& request) const override {
    return options_.profile.objection("openai:" + options_.name, request.sampling);
  }

  Call call(const Request& request) const override {
    const bool text = is_text(request);
    Value::Record body{{"model", options_.name}};
    if (text) {
      body.emplace("prompt", request.messages[0].text + request.cue);
    } else {
      Value::List messages;
      for (const Message& m : request.messages)
        messages.push_back(Value::Record{{"role", m.role}, {"content", m.text}});
      body.emplace("messages", std::move(messages));
    }
    const std::string most = text || options_.profile.max_tokens.empty() ? "max_tokens" : options_.profile.max_tokens;
    if (request.read == ReadMode::scored) {
      body.emplace(most, 1);
      if (text) {
        body.emplace("logprobs", options_.profile.top_logprobs);
      } else {
        body.emplace("logprobs", true);
        body.emplace("top_logprobs", options_.profile.top_logprobs);
      }
    } else {
      for (const char* name : {"temperature", "top_p", "seed"}) {
        if (const Value& v = request.sampling[name]; !v.is_nil()) body.emplace(name, v);
      }
      if (const Value& v = request.sampling["max_tokens"]; !v.is_nil()) body.emplace(most, v);
      if (const Value& v = request.sampling["reasoning"]; !v.is_nil()) body.emplace("reasoning_effort", v);
    }
    if (request.read == ReadMode::constrained) body.emplace("response_format", format_of(request));
    if (const Value& extra = request.sampling["extra"]; extra.is_record()) {
      for (const auto& [name, value] : extra.record()) body.insert_or_assign(name, value);
    }
    return {text ? "/completions" : "/chat/completions", to_json(body)};
  }

  Reply read(const Request& request, const std::string& body) const override {
    Value value;
    try {
      value = from_json(body);
    } catch (const Error&) {
      return no_reply("sends what is no JSON");
    }
    const Value& choice = first(value["choices"]);
    if (!choice.is_record()) return no_reply("sends JSON with no choices in it");
    const Value& message = choice["message"];
    if (!message.is_record() && !choice["text"].is_string()) return no_reply("sends a choice with no message in it");

    Reply reply;
    reply.raw = body;
    reply.text = choice["text"].is_string() ? choice["text"].string() : text_of(message["content"]);
    for (const char* name : {"reasoning_content", "reasoning"}) {
      if (reply.thinking.empty() && message[name].is_string()) reply.thinking = message[name].string();
    }
    const std::string why = choice["finish_reason"].is_string() ? choice["finish_reason"].string() : "";
    if (why == "length") reply.finish = "length";
    if (why == "content_filter") reply.finish = "filter";
    if (message["refusal"].is_string() && !message["refusal"].string().empty()) {
      reply.finish = "refusal";
      if (reply.text.empty()) reply.text = message["refusal"].string();
    }
    const Value& usage = value["usage"];
    reply.usage = {tokens_of(usage["prompt_tokens"]), tokens_of(usage["prompt_tokens_details"]["cached_tokens"]), 0,
                   tokens_of(usage["completion_tokens"]),
                   tokens_of(usage["completion_tokens_details"]["reasoning_tokens"])};
    reply.served = value["model"].is_string() ? value["model"].string() : options_.name;
    if (const Value& print = value["system_fingerprint"]; print.is_string()) reply.served += " " + print.string();
    if (request.read == ReadMode::scored) score(request, choice, reply);
    return reply;
  }

 private:
  static bool is_text(const Request& request) {
    return request.messages.size() == 1 && request.messages[0].role == "text";
  }

  Value format_of(const Request& request) const {
    if (options_.profile.schema == "json_object")
      return Value::Record{{"type", "json_object"}, {"schema", request.schema}};
    return Value::Record{
        {"type", "json_schema"},
        {"json_schema", Value::Record{{"name", "answer"}, {"strict", true}, {"schema", request.schema}}}};
  }

  void score(const Request& request, const Value& choice, Reply& reply) const {
    std::map<std::string, double> shown;  // by token
    const Value& logs = choice["logprobs"];
    const bool text = choice["text"].is_string();
    if (const Value& top = first(logs["top_logprobs"]); text && top.is_record()) {
      for (const auto& [token, log] : top.record()) {
        if (log.is_number()) shown.emplace(token, log.number());
      }
    } else if (const Value& of_chat = first(logs["content"])["top_logprobs"]; of_chat.is_list()) {
      for (const Value& item : of_chat.list()) {
        if (item["token"].is_string() && item["logprob"].is_number())
          shown.emplace(item["token"].string(), item["logprob"].number());
      }
    }
    if (shown.empty()) {
      reply.failure =
          Failure{Failure::Size::model, "openai:" + options_.name +
                                            " gives no log-probabilities: choices cannot be read by score (read = "
                                            "\"constrained\" or \"text\")"};
      return;
    }
    for (const std::string& label : request.labels) {
      auto at = shown.find(text ? " " + label : label);
      reply.scores.push_back(at == shown.end() ? -std::numeric_limits<double>::infinity() : at->second);
    }
    reply.text.clear();
    reply.finish = "stop";
  }

  const OpenAiOptions options_;
};

}  // namespace

std::unique_ptr<Dialect> openai_dialect(OpenAiOptions options) { return std::make_unique<OpenAi>(std::move(options)); }

}  // namespace parley
