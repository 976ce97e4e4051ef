#include "study/import/mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "base/error.h"
#include "base/json.h"

namespace parley {
namespace {

const std::vector<std::string> kSeatFields = {"player", "choice", "paid", "total"};

// Reads the fields of the mapping, blaming its lines.
class Reading {
 public:
  explicit Reading(Mapping& to) : to_(to) {}

  void all(const Value& said) {
    if (!said.is_record())
      throw Error(to_.path + ": a mapping is a table of names: { \"game\": ..., \"seats\": [...] }");
    std::vector<std::string> known = {"about", "source", "game",   "settings", "levels",     "match",
                                      "round", "seats",  "labels", "players",  "identities", "seat"};
    known.insert(known.end(), kSeatFields.begin(), kSeatFields.end());
    no_others(said, known, "a mapping");
    to_.about = text(said, "about");
    to_.source = text(said, "source");
    if (said["game"].is_nil()) throw Error(to_.path + ": the mapping names no game: \"game\": \"prisoners_dilemma\"");
    to_.game = constant_or_column(said["game"], "game");
    to_.settings = by_name(said, "settings", false);
    to_.levels = by_name(said, "levels", true);
    to_.round = text(said, "round");
    match(said["match"]);
    seats(said);
    labels(said["labels"]);
    players(said["players"]);
    const std::string identities = text(said, "identities");
    if (!identities.empty() && identities != "hashed" && identities != "kept")
      to_.blame("identities", fmt::format("identities is 'hashed' or 'kept', not '{}'{}", identities,
                                          did_you_mean(identities, {"hashed", "kept"})));
    to_.hashed = identities != "kept";
  }

 private:
  void no_others(const Value& record, const std::vector<std::string>& known, const std::string& who) {
    for (const auto& [name, value] : record.record()) {
      if (std::find(known.begin(), known.end(), name) == known.end())
        to_.blame(name, fmt::format("{} has no field '{}'{}", who, name, did_you_mean(name, known)));
    }
  }

  std::string text(const Value& record, const std::string& name) {
    const Value& value = record[name];
    if (value.is_nil()) return "";
    if (!value.is_string() || value.string().empty())
      to_.blame(name, fmt::format("{} is a text, not {}", name, to_json(value)));
    return value.string();
  }

  // { "column": NAME, "values": { TEXT: VALUE } }
  From column(const Value& said, const std::string& name) {
    no_others(said, {"column", "values", "empty"}, name);
    const Value& empty = said["empty"];
    if (!empty.is_nil() && name != "paid" && name != "total")
      to_.blame("empty", fmt::format("empty says that cells of paid and total may be so, and {} is neither", name));
    if (!empty.is_nil() && !empty.is_boolean())
      to_.blame("empty", fmt::format("empty of {} is true or false, not {}", name, to_json(empty)));
    const Value& values = said["values"];
    if (!values.is_nil() && !values.is_record())
      to_.blame(name, fmt::format("values of {} is a table, from what stands in the column to what it means", name));
    if (!said["column"].is_string()) to_.blame(name, fmt::format("{} names no column: {{ \"column\": NAME }}", name));
    return {said["column"].string(), values.is_nil() ? Value::Record{} : values.record(), {}, empty == Value(true)};
  }
  // Where a value that is no table is the value.
  From constant_or_column(const Value& said, const std::string& name) {
    if (said.is_record() && !said["column"].is_nil()) return column(said, name);
    return {"", {}, said};
  }
  // Where a text is the name of a column.
  From named_column(const Value& said, const std::string& name) {
    if (said.is_record()) return column(said, name);
    if (!said.is_string() || said.string().empty())
      to_.blame(name, fmt::format("{} is the name of a column, not {}", name, to_json(said)));
    return {said.string(), {}, {}};
  }

  std::map<std::string, From> by_name(const Value& record, const std::string& field, bool columns) {
    const Value& said = record[field];
    std::map<std::string, From> out;
    if (said.is_nil()) return out;
    if (columns && said.is_list()) {
      for (const Value& name : said.list()) {
        From from = named_column(name, field);
        out.emplace(from.column, from);
      }
      return out;
    }
    if (!said.is_record()) to_.blame(field, fmt::format("{} is a table of names, not {}", field, to_json(said)));
    for (const auto& [name, value] : said.record())
      out.emplace(name, columns ? named_column(value, name) : constant_or_column(value, name));
    return out;
  }

  void match(const Value& said) {
    if (said.is_nil()) return;
    for (const Value& name : said.is_list() ? said.list() : Value::List{said})
      to_.match.push_back(named_column(name, "match").column);
  }

  SeatColumns seat(const Value& said) {
    SeatColumns out;
    if (!said["player"].is_nil()) out.player = named_column(said["player"], "player");
    if (!said["paid"].is_nil()) out.paid = named_column(said["paid"], "paid");
    if (!said["total"].is_nil()) out.total = named_column(said["total"], "total");
    const Value& choice = said["choice"];
    if (choice.is_record() && choice["column"].is_nil()) {
      for (const auto& [decision, from] : choice.record()) out.choices.emplace(decision, named_column(from, decision));
    } else if (!choice.is_nil()) {
      out.choices.emplace("", named_column(choice, "choice"));
    }
    return out;
  }

  void seats(const Value& said) {
    const Value& list = said["seats"];
    to_.is_long = list.is_nil();
    if (to_.is_long) {
      if (said["choice"].is_nil())
        throw Error(
            to_.path +
            ": the mapping names no choices: \"seats\", a list with the columns of each seat, or \"choice\" where "
            "every row is of one seat");
      to_.seats.push_back(seat(said));
      if (!said["seat"].is_nil()) to_.seat = named_column(said["seat"], "seat");
      if (to_.match.empty())
        to_.blame("choice", "where every row is of one seat, \"match\" names the column that tells matches apart");
      if (!to_.seat && !to_.seats[0].player)
        to_.blame("choice", "where every row is of one seat, \"seat\" or \"player\" says of which");
      return;
    }
    for (const char* name : {"seat", "player", "choice", "paid", "total"}) {
      if (!said[name].is_nil())
        to_.blame(name, fmt::format("{} stands in seats, or, where every row is of one seat, in place of them", name));
    }
    if (!list.is_list() || list.list().empty())
      to_.blame("seats", "seats is a list with the columns of each seat: [{ \"player\": ..., \"choice\": ... }, ...]");
    for (const Value& one : list.list()) {
      if (!one.is_record()) to_.blame("seats", fmt::format("a seat is a table of columns, not {}", to_json(one)));
      no_others(one, kSeatFields, "a seat");
      to_.seats.push_back(seat(one));
    }
  }

  void labels(const Value& said) {
    if (said.is_nil()) return;
    if (!said.is_record()) to_.blame("labels", "labels is a table, from actions to what the tables call them");
    for (const auto& [action, label] : said.record()) {
      const From from = to_.labels.emplace(action, constant_or_column(label, action)).first->second;
      const bool named = from.constant.is_string() || from.constant.is_list();
      if (from.column.empty() && !named)
        to_.blame(action,
                  fmt::format("the label of {} is a text, a list of them or a column, not {}", action, to_json(label)));
    }
  }

  void players(const Value& said) {
    if (said.is_nil()) return;
    if (!said.is_record()) to_.blame("players", "players is a table, from names to { \"strategy\": ... }");
    for (const auto& [name, player] : said.record()) {
      if (!player.is_record() || !player["strategy"].is_string())
        to_.blame(name, fmt::format("player '{}' is {{ \"strategy\": NAME, and its settings }}", name));
      to_.players.emplace(name, player);
    }
  }

  Mapping& to_;
};

}  // namespace

Mapping Mapping::parse(const std::string& path, const std::string& text) {
  Mapping out;
  out.path = path;
  out.text = text;
  Value said;
  try {
    said = from_json(text);
  } catch (const Error& e) {
    throw Error(path + ": " + e.what());
  }
  Reading(out).all(said);
  return out;
}

void Mapping::blame(const std::string& word, const std::string& what) const {
  const size_t at = text.find('"' + word + '"');
  if (at == std::string::npos) throw Error(path + ": " + what);
  throw Error(
      fmt::format("{}:{}: {}", path, std::count(text.begin(), text.begin() + static_cast<long>(at), '\n') + 1, what));
}

std::vector<std::string> Mapping::columns() const {
  std::vector<std::string> out;
  auto add = [&](const std::string& column) {
    if (!column.empty() && std::find(out.begin(), out.end(), column) == out.end()) out.push_back(column);
  };
  add(game.column);
  for (const auto* group : {&settings, &levels}) {
    for (const auto& [name, from] : *group) add(from.column);
  }
  for (const std::string& column : match) add(column);
  add(round);
  if (seat) add(seat->column);
  for (const SeatColumns& columns : seats) {
    if (columns.player) add(columns.player->column);
    for (const auto& [decision, from] : columns.choices) add(from.column);
    if (columns.paid) add(columns.paid->column);
    if (columns.total) add(columns.total->column);
  }
  for (const auto& [action, label] : labels) add(label.column);
  return out;
}

}  // namespace parley
