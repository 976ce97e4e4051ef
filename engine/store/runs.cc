// What each run did beside its matches: requests put and lost, tries that failed, who answered.
#include "base/clock.h"
#include "store/impl.h"

namespace parley {

void Store::asked(uint64_t requests) {
  impl_->write([&] {
    auto& db = impl_->db;
    if (impl_->run == 0) {
      db("INSERT INTO run (began, asked, answered) VALUES (?1, 0, 0)").bind(1, seconds_since_1970()).run();
      impl_->run = db.last_row();
    }
    auto& add = db("UPDATE run SET asked = asked + ?2 WHERE id = ?1");
    add.bind(1, impl_->run).bind(2, static_cast<int64_t>(requests)).run();
  });
}

void Store::answered(uint64_t requests) {
  impl_->write([&] {
    auto& add = impl_->db("UPDATE run SET answered = answered + ?2 WHERE id = ?1");
    add.bind(1, impl_->run).bind(2, static_cast<int64_t>(requests)).run();
  });
}

void Store::end_run() {
  if (impl_->run == 0) return;
  impl_->write([&] {
    impl_->db("UPDATE run SET ended = ?2 WHERE id = ?1").bind(1, impl_->run).bind(2, seconds_since_1970()).run();
  });
}

void Store::faults(int64_t row, const Place& place, const std::string& model, const std::vector<Fault>& faults) {
  if (faults.empty()) return;
  impl_->write([&] {
    impl_->enter(row);
    for (const Fault& fault : faults) {
      auto& add = impl_->db(
          "INSERT INTO fault (match, seat, n, sample, try, model, what, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
          "?8)");
      add.bind(1, row).bind(2, place.seat).bind(3, place.n).bind(4, place.sample).bind(5, place.attempt);
      add.bind(6, std::string_view(model)).bind(7, std::string_view(fault.what));
      add.bind(8, std::string_view(fault.words)).run();
    }
  });
}

uint64_t Store::lost() const {
  auto& find = impl_->db("SELECT coalesce(sum(asked - answered), 0) FROM run WHERE id <> ?1");
  return static_cast<uint64_t>(find.bind(1, impl_->run).number());
}

std::vector<Store::Served> Store::served() const {
  std::vector<Served> out;
  auto& rows = impl_->db(
      "SELECT s.model, s.name, s.build, count(*), sum(a.input), sum(a.cached), sum(a.written), sum(a.output), "
      "sum(a.reasoning), max(a.output) FROM answer a JOIN served s ON s.id = a.served GROUP BY s.id "
      "ORDER BY s.model, s.id");
  while (rows.step()) {
    out.push_back({rows.string(0),
                   rows.string(1),
                   rows.string(2),
                   static_cast<uint64_t>(rows.integer(3)),
                   {rows.integer(4), rows.integer(5), rows.integer(6), rows.integer(7), rows.integer(8)},
                   rows.integer(9)});
  }
  return out;
}

}  // namespace parley
