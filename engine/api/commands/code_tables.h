// What a file of codes says.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/table.h"
#include "store/store.h"
#include "study/coding.h"

namespace parley {

class CodeTables {
 public:
  // From the matches that are over. The messages are those of the study that was coded. For programs numbers are given in full, and
  // shares by code as a record.
  CodeTables(const Store& store, const std::vector<SaidMessage>& messages, std::vector<Coder> coders,
             bool for_programs);

  // Of each coder: how many messages, how many answers could not be read, the share of each code.
  Table shares() const;
  // Of every two coders of a question, and of all: how far they agree. No rows where a question has one coder.
  Table agreement() const;
  // A row for each message and question: who said what, and each coder's code.
  Table messages() const;

 private:
  Value number(const std::optional<double>& x) const;
  // What a coder gave to a message; nullptr: nothing.
  const std::string* code(const std::string& question, const std::string& coder, const std::string& message) const;

  const std::vector<SaidMessage>& messages_;
  bool for_programs_;
  std::vector<Coder> coders_;
  std::map<std::pair<std::string, std::string>, std::map<std::string, std::string>>
      codes_;  // question, coder: by message
  std::map<std::pair<std::string, std::string>, int> unread_;
};

}  // namespace parley
