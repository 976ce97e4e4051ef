// Golden transcripts (tests/transcripts/README.md): a match whose input is written down, and what came of it as text.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "table.h"

namespace parley::test {

class Golden {
 public:
  // Error, with "path:line: ": a key that there is not, a value that is none.
  explicit Golden(const std::string& path);

  // As written, with the line "---" that ends it; and what stands below it.
  const std::string& head() const { return head_; }
  const std::string& expected() const { return expected_; }

  // In which order replies arrive. `together`: two plays of the match side by side, all their questions answered, the last
  // first, before either goes on. What is printed is the same for all of them.
  enum class Order { first_come, last_come, together };
  // Error, with the path: a question for which no reply is written, a reply that nothing asked for.
  std::string play(Order order) const;

 private:
  struct Written {
    Reply reply;
    std::map<std::string, double> scores;  // by label; empty: text
  };
  struct Playing;

  void take(const std::string& key, const std::string& value);
  void take_reply(const std::string& key, std::string value);
  Reply reply_to(const Question& question) const;

  std::string path_, head_, expected_;
  std::map<std::string, std::string> files_;  // authors' files of this golden alone
  Rules rules_;
  std::vector<Player> players_;
  std::vector<std::string> told_;  // to all that ask
  uint32_t block_ = 1;
  uint64_t seed_ = 1;
  std::map<std::string, std::vector<Written>> replies_;  // by "seat/question", in turn
};

std::vector<std::string> split(const std::string& text, char at);
// "row", "row and column", "player1, player2 and player3"
std::string in_words(const std::vector<std::string>& names);

}  // namespace parley::test
