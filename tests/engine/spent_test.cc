#include "api/commands/spent.h"

#include <doctest/doctest.h>

#include "api/command.h"

using namespace parley;

TEST_CASE("spent: money") {
  CHECK(money_text(0) == "0");
  CHECK(money_text(.01234) == "0.0123");
  CHECK(money_text(.9999) == "1.00");
  CHECK(money_text(1.999) == "2.00");
  CHECK(money_text(12.345) == "12.35");
  CHECK(money_text(12345.6) == "12,345.60");
}

TEST_CASE("spent: budgets") {
  CHECK(budget_of("20").money == 20);
  CHECK(budget_of("0.5").money == .5);
  CHECK(budget_of("5Mtok").tokens == 5e6);
  CHECK(budget_of("500ktok").tokens == 5e5);
  CHECK(!budget_of("7tok").money);
  for (const char* wrong : {"", "x", "0", "-1", "inf", "nan", "5M", "5tokens", "1 tok"})
    CHECK_THROWS_AS(budget_of(wrong), Misuse);
}
