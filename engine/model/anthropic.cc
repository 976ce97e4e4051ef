#include "model/anthropic.h"

#include "base/error.h"
#include "base/json.h"

namespace parley {
namespace {

constexpr int kMostTokens = 1024;
constexpr const char* kTool = "answer";

class Anthropic : public Dialect {
 public:
  Anthropic(std::string name, std::string key, Profile profile)
      : name_(std::move(name)), key_(std::move(key)), profile_(std::move(profile)) {}

  bool can(ReadMode read) const override { return read != ReadMode::scored; }

  std::string objection(const Request& request) const override {
    if (request.messages.size() == 1 && request.messages[0].role == "text")
      return "anthropic:" + name_ +
             " has no completions, so that format = \"text\" cannot be sent: say format = \"chat\"";
    return profile_.objection("anthropic:" + name_, request.sampling);
  }

  std::vector<std::string> headers() const override {
    return {"Content-Type: application/json", "anthropic-version: 2023-06-01", "x-api-key: " + key_};
  }

  Call call(const Request& request) const override {
    Value::Record body{{"model", name_}, {"max_tokens", kMostTokens}};
    Value::List messages;
    for (const Message& m : request.messages) {
      if (m.role == "system") {
        body.emplace("system",
                     Value::List{Value::Record{
                         {"type", "text"}, {"text", m.text}, {"cache_control", Value::Record{{"type", "ephemeral"}}}}});
      } else {
        messages.push_back(Value::Record{{"role", m.role}, {"content", m.text}});
      }
    }
    body.emplace("messages", std::move(messages));
    for (const char* name : {"temperature", "top_p", "max_tokens"}) {
      if (const Value& v = request.sampling[name]; !v.is_nil()) body.insert_or_assign(name, v);
    }
    if (const Value& v = request.sampling["reasoning"]; v.is_number())
      body.emplace("thinking", Value::Record{{"type", "enabled"}, {"budget_tokens", v}});
    if (request.read == ReadMode::constrained) {
      body.emplace("tools",
                   Value::List{Value::Record{
                       {"name", kTool}, {"description", "Gives the answer."}, {"input_schema", request.schema}}});
      body.emplace("tool_choice", Value::Record{{"type", "tool"}, {"name", kTool}});
    }
    if (const Value& extra = request.sampling["extra"]; extra.is_record()) {
      for (const auto& [name, value] : extra.record()) body.insert_or_assign(name, value);
    }
    return {"/messages", to_json(body)};
  }

  Reply read(const Request&, const std::string& body) const override {
    Value value;
    try {
      value = from_json(body);
    } catch (const Error&) {
      return no_reply("sends what is no JSON");
    }
    if (!value["content"].is_list()) return no_reply("sends JSON with no content in it");
    Reply reply;
    reply.raw = body;
    for (const Value& part : value["content"].list()) {
      const std::string type = part["type"].is_string() ? part["type"].string() : "";
      if (type == "text" && part["text"].is_string()) reply.text += part["text"].string();
      if (type == "thinking" && part["thinking"].is_string()) reply.thinking += part["thinking"].string();
      if (type == "tool_use") reply.text += to_json(part["input"]);
    }
    const std::string why = value["stop_reason"].is_string() ? value["stop_reason"].string() : "";
    if (why == "max_tokens" || why == "model_context_window_exceeded") reply.finish = "length";
    if (why == "refusal") reply.finish = "refusal";
    const Value& usage = value["usage"];
    const int64_t cached = tokens_of(usage["cache_read_input_tokens"]);
    const int64_t written = tokens_of(usage["cache_creation_input_tokens"]);
    reply.usage = {tokens_of(usage["input_tokens"]) + cached + written, cached, written,
                   tokens_of(usage["output_tokens"]), 0};
    reply.served = value["model"].is_string() ? value["model"].string() : name_;
    return reply;
  }

 private:
  const std::string name_, key_;
  const Profile profile_;
};

}  // namespace

std::unique_ptr<Dialect> anthropic_dialect(std::string name, std::string key, Profile profile) {
  return std::make_unique<Anthropic>(std::move(name), std::move(key), std::move(profile));
}

}  // namespace parley
