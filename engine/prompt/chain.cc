#include "prompt/chain.h"

namespace parley {
namespace {

std::string behind(const Chain::Exchange& e) {  // cue and reply, as they stand after the question
  std::string out = e.cue;
  if (e.leading_blank && !e.reply.empty()) out += ' ';
  return out + e.reply;
}

std::string answered(const Chain::Exchange& e) {  // an assistant's message
  return e.cue.empty() ? e.reply : e.cue + " " + e.reply;
}

}  // namespace

std::vector<Message> Chain::messages(Format format, const std::string& question, bool fresh,
                                     const std::vector<Exchange>& before) const {
  std::vector<const Exchange*> said;
  if (!fresh) {
    for (const Exchange& e : turn_) said.push_back(&e);
  }
  for (const Exchange& e : before) said.push_back(&e);

  std::vector<Message> out;
  if (format == Format::text) {
    std::string text = *head_ + body_;
    for (const Exchange* e : said) text += e->question + behind(*e);
    out.push_back({"text", text + question});
    return out;
  }
  // Roles take turns, as templates and servers want it: what follows an empty reply goes on in the same message.
  auto add = [&](const char* role, std::string text, bool goes_on = false) {
    if (text.empty()) return;
    if (goes_on && !out.empty() && out.back().role == role) {
      out.back().text += text;
    } else {
      out.push_back({role, std::move(text)});
    }
  };
  std::string start;
  if (format == Format::chat) {
    add("system", *head_);
    start = body_;
  } else {
    add("user", *head_);
    add("user", body_);
  }
  bool silent = false;
  for (const Exchange* e : said) {
    add("user", start + e->question, silent);
    silent = answered(*e).empty();
    add("assistant", answered(*e));
    start.clear();
  }
  add("user", start + question, silent);
  return out;
}

Chain::Added Chain::take_added() {
  Added out;
  if (!head_given_) out.head = head_;
  head_given_ = head_ != nullptr;
  out.text = body_.substr(told_);
  told_ = body_.size();
  return out;
}

}  // namespace parley
