// A seat's text and the turn that stands after it (DESIGN 5, "A seat's text", "Formats").
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"

namespace parley {

enum class Format { text, chat, messages };

// Only grows: nothing in it is rendered again, so that a prefix stays a prefix. Nothing is put between the parts.
class Chain {
 public:
  // What the study tells and the rules; set once, at the seat's first question.
  bool begun() const { return head_ != nullptr; }
  void begin(std::shared_ptr<const std::string> head) { head_ = std::move(head); }
  // What happens: tellings, choices seen, closed rounds.
  void add(std::string_view text) { body_ += text; }

  // One question of the turn with the reply as it stands behind it.
  struct Exchange {
    std::string question, cue, reply;
    bool leading_blank = true;  // in a text, the reply stands behind cue or question with one blank
  };
  void keep(Exchange exchange) { turn_.push_back(std::move(exchange)); }
  void end_turn() { turn_.clear(); }

  // What is sent for a further question: `before` are exchanges of this question's earlier tries.
  std::vector<Message> messages(Format format, const std::string& question, bool fresh,
                                const std::vector<Exchange>& before) const;

  // What the seat's text grew by since the last call: for the store.
  struct Added {
    std::shared_ptr<const std::string> head;  // the first time; else nullptr
    std::string text;
  };
  Added take_added();

 private:
  std::shared_ptr<const std::string> head_;
  std::string body_;
  std::vector<Exchange> turn_;
  size_t told_ = 0;  // how much of the body take_added() gave
  bool head_given_ = false;
};

}  // namespace parley
