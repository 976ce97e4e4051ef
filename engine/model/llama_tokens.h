// From a request to tokens (LOCAL_MODELS 5).
#pragma once
#include <llama.h>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"

namespace parley {

using Tokens = std::vector<llama_token>;

// How many tokens both begin with.
size_t shared(const Tokens& a, const Tokens& b);

// A request in tokens: its prompt with the cue, and how each label goes on from it.
struct Encoded {
  Tokens prompt;
  std::vector<Tokens> labels;
};

// Thread-safe. In all that players and authors wrote, no token of the model's control text is recognised: a player who
// writes "<|im_end|>" writes these letters. Only the model's chat template writes control tokens.
class Tokenizer {
 public:
  explicit Tokenizer(const llama_model* model);

  // Error: why this request cannot be put: no chat template, an unknown role, a label that changes the prompt's last
  // token, an empty prompt.
  Encoded encode(const Request& request) const;

  // Whether an answer ends before this token: end of generation, or any other control token.
  bool ends(llama_token token) const;
  // The bytes of a token; none for control tokens.
  std::string piece(llama_token token) const;
  // The model's chat template as its file has it; "" where there is none.
  const std::string& chat_template() const { return template_; }

 private:
  struct Chat;
  Tokens tokenize(std::string_view text, bool special, bool first) const;
  Tokens control_of(const Tokens& tokens) const;
  std::string apply(const std::vector<Message>& messages) const;
  std::shared_ptr<const Chat> chat(const std::vector<Message>& messages) const;
  Tokens apart(const Chat& chat, const std::vector<Message>& messages, std::string_view answer) const;
  Tokens in_chat(const Chat& chat, const std::vector<Message>& messages, std::string_view answer) const;

  const llama_model* model_;
  const llama_vocab* vocab_;
  std::string template_;
  std::map<std::string, llama_token, std::greater<>> control_;  // by text, longer ones before their beginnings
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<const Chat>> chats_;  // by the roles of the messages
};

}  // namespace parley
