#include "model/llama_tokens.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace parley {
namespace {

constexpr size_t kChatsKept = 256;  // shapes of conversations whose template text is kept
constexpr size_t kLastWords = 64;   // bytes

// What stands in for the i-th message while the template is applied: nothing that a template would trim or look into.
std::string stand_in(size_t i) { return "\x02" + std::to_string(i) + "\x03"; }

}  // namespace

size_t shared(const Tokens& a, const Tokens& b) {
  return static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

// The template's own text around the messages of one conversation: before the first, between, and up to the answer.
struct Tokenizer::Chat {
  std::vector<std::string> around;
  std::vector<size_t> order;  // which message stands behind around[i]
  Tokens control;             // the control tokens of all of it
  std::vector<bool> trims;    // by message: whether it loses the blanks around it
  bool can_part = true;       // tokenizing it in parts gives the same tokens

  template <typename Text>
  std::string joined(const Text& text_of) const {
    std::string out = around[0];
    for (size_t i = 0; i < order.size(); ++i) (out += text_of(order[i])) += around[i + 1];
    return out;
  }
  std::string_view text(const std::vector<Message>& messages, size_t i) const {
    return trims[i] ? trimmed(messages[i].text) : std::string_view(messages[i].text);
  }
};

Tokenizer::Tokenizer(const llama_model* model) : model_(model), vocab_(llama_model_get_vocab(model)) {
  if (const char* own = llama_model_chat_template(model, nullptr)) template_ = own;
  for (llama_token t = 0; t < llama_vocab_n_tokens(vocab_); ++t) {
    if (llama_vocab_get_attr(vocab_, t) & (LLAMA_TOKEN_ATTR_CONTROL | LLAMA_TOKEN_ATTR_UNKNOWN)) {
      control_.emplace(llama_vocab_get_text(vocab_, t), t);
    }
  }
  control_.erase("");
}

bool Tokenizer::ends(llama_token token) const {
  return llama_vocab_is_eog(vocab_, token) || llama_vocab_is_control(vocab_, token);
}

std::string Tokenizer::piece(llama_token token) const {
  char bytes[256];
  int n = llama_token_to_piece(vocab_, token, bytes, sizeof bytes, 0, false);
  return n > 0 ? std::string(bytes, static_cast<size_t>(n)) : std::string();
}

// `special`: control text is control; `first`: what a prompt begins with (BOS) is put in front.
Tokens Tokenizer::tokenize(std::string_view text, bool special, bool first) const {
  Tokens tokens(text.size() + 8);
  int n = llama_tokenize(vocab_, text.data(), static_cast<int32_t>(text.size()), tokens.data(),
                         static_cast<int32_t>(tokens.size()), first, special);
  if (n < 0) {
    tokens.resize(static_cast<size_t>(-n));
    n = llama_tokenize(vocab_, text.data(), static_cast<int32_t>(text.size()), tokens.data(),
                       static_cast<int32_t>(tokens.size()), first, special);
  }
  tokens.resize(static_cast<size_t>(std::max(n, 0)));
  return tokens;
}

Tokens Tokenizer::control_of(const Tokens& tokens) const {
  Tokens out;
  for (llama_token t : tokens) {
    if (llama_vocab_get_attr(vocab_, t) & (LLAMA_TOKEN_ATTR_CONTROL | LLAMA_TOKEN_ATTR_UNKNOWN)) out.push_back(t);
  }
  return out;
}

std::string Tokenizer::apply(const std::vector<Message>& messages) const {
  std::vector<llama_chat_message> chat;
  size_t size = 1024;
  for (const Message& m : messages) {
    chat.push_back({m.role.c_str(), m.text.c_str()});
    size += 2 * m.text.size() + 256;
  }
  for (;;) {
    std::string text(size, '\0');
    int n = llama_chat_apply_template(template_.c_str(), chat.data(), chat.size(), true, text.data(),
                                      static_cast<int32_t>(text.size()));
    if (n < 0) throw Error("libllama does not know this model's chat template: use format = \"text\"");
    if (static_cast<size_t>(n) <= text.size()) return text.substr(0, static_cast<size_t>(n));
    size = static_cast<size_t>(n);
  }
}

std::shared_ptr<const Tokenizer::Chat> Tokenizer::chat(const std::vector<Message>& messages) const {
  std::string key;
  std::vector<Message> stands = messages;
  for (size_t i = 0; i < stands.size(); ++i) {
    if (messages[i].text.empty()) {
      key += "-";
    } else {
      stands[i].text = stand_in(i);
    }
    key += messages[i].role + ";";
  }
  {
    std::lock_guard lock(mutex_);
    if (auto known = chats_.find(key); known != chats_.end()) return known->second;
  }
  auto chat = std::make_shared<Chat>();
  std::string text = apply(stands);
  std::vector<std::pair<size_t, size_t>> places;  // where, which
  for (size_t i = 0; i < stands.size(); ++i) {
    size_t at = stands[i].text.empty() ? std::string::npos : text.find(stands[i].text);
    if (at != std::string::npos) places.emplace_back(at, i);
  }
  std::sort(places.begin(), places.end());
  size_t from = 0;
  for (auto [at, i] : places) {
    chat->around.push_back(text.substr(from, at - from));
    chat->order.push_back(i);
    from = at + stands[i].text.size();
  }
  chat->around.push_back(text.substr(from));
  std::vector<Message> padded = stands;
  for (Message& m : padded) {
    if (!m.text.empty()) m.text = "\t" + m.text + "\t";
  }
  std::string with_blanks = apply(padded);
  for (const Message& m : padded) chat->trims.push_back(with_blanks.find(m.text) == std::string::npos);
  Tokens whole = tokenize(text, true, true);
  chat->control = control_of(whole);
  chat->can_part = apart(*chat, stands, "") == whole;
  std::lock_guard lock(mutex_);
  if (chats_.size() >= kChatsKept) chats_.clear();
  return chats_.emplace(key, chat).first->second;
}

// The prompt in parts: control tokens of the template, and between them words in which nothing is special.
Tokens Tokenizer::apart(const Chat& chat, const std::vector<Message>& messages, std::string_view answer) const {
  Tokens tokens = tokenize("", true, true);
  std::string words;
  bool strip = false;  // the control token before takes the blanks behind it
  auto say = [&](llama_token next) {
    std::string_view said = words;
    int attr = next == LLAMA_TOKEN_NULL ? 0 : llama_vocab_get_attr(vocab_, next);
    if (strip) said.remove_prefix(std::min(said.find_first_not_of(" \t\r\n\v\f"), said.size()));
    if (attr & LLAMA_TOKEN_ATTR_LSTRIP) said = said.substr(0, said.find_last_not_of(" \t\r\n\v\f") + 1);
    if (!said.empty()) {
      Tokens more = tokenize(said, false, false);
      tokens.insert(tokens.end(), more.begin(), more.end());
    }
    words.clear();
    if (next == LLAMA_TOKEN_NULL) return;
    tokens.push_back(next);
    strip = attr & LLAMA_TOKEN_ATTR_RSTRIP;
  };
  for (size_t i = 0; i < chat.around.size(); ++i) {
    std::string_view own = chat.around[i];
    while (!own.empty()) {
      auto mark =
          std::find_if(control_.begin(), control_.end(), [&](const auto& c) { return own.starts_with(c.first); });
      if (mark == control_.end()) {
        words += own.front();
        own.remove_prefix(1);
      } else {
        say(mark->second);
        own.remove_prefix(mark->first.size());
      }
    }
    words += i < chat.order.size() ? chat.text(messages, chat.order[i]) : answer;
  }
  say(LLAMA_TOKEN_NULL);
  return tokens;
}

Tokens Tokenizer::in_chat(const Chat& chat, const std::vector<Message>& messages, std::string_view answer) const {
  std::string text = chat.joined([&](size_t i) { return chat.text(messages, i); });
  Tokens tokens = tokenize(text += answer, true, true);
  if (control_of(tokens) == chat.control) return tokens;
  if (!chat.can_part) throw Error("the prompt holds a control token of this model, which cannot be told from its own");
  return apart(chat, messages, answer);
}

Encoded Tokenizer::encode(const Request& request) const {
  std::vector<Message> messages = request.messages;
  bool text = messages.size() == 1 && messages[0].role == "text";
  std::shared_ptr<const Chat> shape;
  if (!text) {
    if (template_.empty()) throw Error("the model has no chat template: use format = \"text\"");
    for (const Message& m : messages) {
      if (m.role != "system" && m.role != "user" && m.role != "assistant") {
        throw Error("a message's role is system, user or assistant, not '" + m.role + "'");
      }
      if (m.text.find('\0') != std::string::npos) throw Error("a message holds a zero byte");
    }
    // Models' own templates put a system message of their own where there is none; libllama's do not. With one, both agree.
    if (messages.empty() || messages[0].role != "system") messages.insert(messages.begin(), Message{"system", ""});
    shape = chat(messages);
    if (shape->joined([&](size_t i) { return shape->text(messages, i); }) != apply(messages)) {
      throw Error("this model's chat template changes what messages say: use format = \"text\"");
    }
  }
  auto tokens = [&](std::string_view answer) {
    return text ? tokenize(messages[0].text + std::string(answer), false, true) : in_chat(*shape, messages, answer);
  };
  Encoded out;
  out.prompt = tokens(request.cue);
  if (out.prompt.empty()) throw Error("the prompt is empty");
  if (request.read != ReadMode::scored) return out;
  if (request.labels.empty()) throw Error("a scored request without labels");
  const char* blank = text || !request.cue.empty() ? " " : "";
  if (*blank && (request.cue.empty() ? messages.back().text : request.cue).ends_with(' ')) {
    throw Error("a scored prompt must not end in a blank: the labels bring it");
  }
  // A label is tokenized with the prompt's last words, where these come out as they do in the whole prompt; else with all
  // of it.
  std::string said = text ? messages[0].text : shape->joined([&](size_t i) { return shape->text(messages, i); });
  said += request.cue;
  size_t cut = said.size() > kLastWords ? said.find(' ', said.size() - kLastWords) : std::string::npos;
  said.erase(0, std::min(cut, said.size()));
  Tokens end = tokenize(said, !text, false);
  bool ends_so =
      !end.empty() && end.size() <= out.prompt.size() && std::equal(end.rbegin(), end.rend(), out.prompt.rbegin());
  for (const std::string& label : request.labels) {
    Tokens with = tokenize(said + blank + label, !text, false), before = end;
    if (!ends_so || control_of(with) != control_of(end)) {
      with = tokens(request.cue + blank + label);
      before = out.prompt;
    }
    if (with.size() <= before.size() || shared(with, before) != before.size()) {
      throw Error("the label '" + label +
                  "' changes the prompt's last token: a prompt must not end in a blank or in half a word");
    }
    out.labels.emplace_back(with.begin() + static_cast<long>(before.size()), with.end());
  }
  return out;
}

}  // namespace parley
