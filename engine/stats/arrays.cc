#include "stats/arrays.h"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <set>

#include "base/random.h"

namespace parley::stats {
namespace {

constexpr int kSearches = 60;         // for subspaces, from the start
constexpr int kColumnChoices = 2000;  // of a matrix, until the runs differ
constexpr size_t kMostSubspaces = 400, kLargestSpace = 4096, kMostFactors = 200;

template <class T>
void shuffle(std::vector<T>& list, Sequence& draws) {
  for (size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[draws.below(i)]);
}

// Vectors of GF(p)^m as numbers with m digits.
class Space {
 public:
  Space(uint32_t p, uint32_t m) : p_(p), m_(m), size_(1) {
    for (uint32_t i = 0; i < m; ++i) size_ *= p;
  }
  uint32_t size() const { return size_; }
  uint32_t p() const { return p_; }

  uint32_t plus(uint32_t a, uint32_t b) const {
    if (p_ == 2) return a ^ b;
    uint32_t out = 0;
    for (uint32_t place = 1; place < size_; place *= p_, a /= p_, b /= p_) out += (a + b) % p_ * place;
    return out;
  }
  // The value of a linear form at a point.
  uint32_t at(uint32_t form, uint32_t point) const {
    uint32_t sum = 0;
    for (; form > 0 && point > 0; form /= p_, point /= p_) sum += form % p_ * (point % p_);
    return sum % p_;
  }
  // All sums of multiples of these vectors, 0 first.
  std::vector<uint32_t> span(const std::vector<uint32_t>& of) const {
    std::vector<uint32_t> out = {0};
    for (uint32_t v : of) {
      const size_t before = out.size();
      uint32_t multiple = v;
      for (uint32_t times = 1; times < p_; ++times, multiple = plus(multiple, v)) {
        for (size_t i = 0; i < before; ++i) out.push_back(plus(out[i], multiple));
      }
    }
    return out;
  }

 private:
  uint32_t p_, m_, size_;
};

using Forms = std::vector<uint32_t>;  // that span what is one factor's

// One factor after another, each a subspace of `dims` that has nothing but 0 with the others, so that all together span the space and
// few words are short.
class Search {
 public:
  Search(const Space& space, uint32_t rank, const std::vector<uint32_t>& dims)
      : space_(space), rank_(rank), dims_(dims) {}

  std::optional<std::vector<Forms>> run(Sequence& draws) {
    std::optional<std::vector<Forms>> best;
    Words least{};
    for (int i = 0; i < kSearches && (!best || least != Words{}); ++i) {
      auto found = once(draws);
      if (!found || (best && !(words_ < least))) continue;
      best = std::move(found);
      least = words_;
    }
    return best;
  }

 private:
  using Words = std::array<uint64_t, 2>;  // of length 3, of length 4

  std::optional<std::vector<Forms>> once(Sequence& draws) {
    words_ = {};
    for (auto& sums : sums_) sums.assign(space_.size(), 0);
    std::vector<uint32_t> all = {0};  // what is spanned so far
    std::vector<bool> spanned(space_.size(), false);
    spanned[0] = true;
    uint32_t rank = 0;
    std::vector<Forms> out;
    for (uint32_t dim : dims_) {
      const uint32_t fresh = std::min(dim, rank_ - rank);  // forms that are to be new
      std::optional<Forms> best;
      Words least{};
      for (const Forms& forms : candidates(dim, fresh, spanned, draws)) {
        const Words now = words_with(space_.span(forms));
        if (best && !(now < least)) continue;
        best = forms;
        least = now;
      }
      if (!best) return std::nullopt;
      take(space_.span(*best));
      words_[0] += least[0], words_[1] += least[1];
      for (uint32_t i = 0; i < fresh; ++i) extend(all, spanned, (*best)[i]);
      rank += fresh;
      out.push_back(*std::move(best));
    }
    if (rank < rank_) return std::nullopt;
    return out;
  }

  void extend(std::vector<uint32_t>& all, std::vector<bool>& spanned, uint32_t form) const {
    const size_t before = all.size();
    uint32_t multiple = form;
    for (uint32_t times = 1; times < space_.p(); ++times, multiple = space_.plus(multiple, form)) {
      for (size_t i = 0; i < before; ++i) {
        all.push_back(space_.plus(all[i], multiple));
        spanned[all.back()] = true;
      }
    }
  }

  bool is_free(const std::vector<uint32_t>& subspace) const {
    return std::all_of(subspace.begin() + 1, subspace.end(), [&](uint32_t v) { return sums_[0][v] == 0; });
  }

  // Subspaces that a factor may have: the first `fresh` of their forms are outside of what is spanned so far. All points of the
  // space where dim is 1, drawn ones else.
  std::vector<Forms> candidates(uint32_t dim, uint32_t fresh, const std::vector<bool>& spanned, Sequence& draws) const {
    std::vector<Forms> out;
    if (dim == 1) {
      for (uint32_t v = 1; v < space_.size(); ++v) {
        if (sums_[0][v] == 0 && (fresh == 0 || !spanned[v])) out.push_back({v});
      }
      shuffle(out, draws);
      return out;
    }
    std::vector<uint32_t> all;
    for (uint32_t v = 0; v < space_.size() && fresh > 0; ++v) {
      if (spanned[v]) all.push_back(v);
    }
    for (size_t tries = 0; tries < kMostSubspaces; ++tries) {
      Forms forms;
      std::vector<uint32_t> known = all;
      std::vector<bool> within = fresh > 0 ? spanned : std::vector<bool>();
      std::set<uint32_t> own = {0};
      for (uint32_t i = 0, misses = 0; i < dim && misses < 100;) {
        const auto v = static_cast<uint32_t>(draws.below(space_.size()));
        if (own.contains(v) || (i < fresh && within[v])) {
          ++misses;
          continue;
        }
        forms.push_back(v);
        if (i < fresh) extend(known, within, v);
        const auto span = space_.span(forms);
        own = {span.begin(), span.end()};
        ++i;
      }
      if (forms.size() == dim && is_free(space_.span(forms))) out.push_back(std::move(forms));
    }
    return out;
  }

  // How many words a factor with these forms would add.
  Words words_with(const std::vector<uint32_t>& subspace) const {
    Words out{};
    for (size_t i = 1; i < subspace.size(); ++i) {
      out[0] += sums_[1][subspace[i]];
      out[1] += sums_[2][subspace[i]];
    }
    return out;
  }

  void take(const std::vector<uint32_t>& subspace) {
    auto after = sums_;
    for (size_t i = 1; i < subspace.size(); ++i) {
      ++after[0][subspace[i]];
      for (uint32_t x = 0; x < space_.size(); ++x) {
        if (sums_[0][x] == 0 && sums_[1][x] == 0) continue;
        const uint32_t sum = space_.plus(x, subspace[i]);
        after[1][sum] += sums_[0][x];
        after[2][sum] += sums_[1][x];
      }
    }
    sums_ = std::move(after);
  }

  const Space& space_;
  uint32_t rank_;
  const std::vector<uint32_t>& dims_;
  std::array<std::vector<uint64_t>, 3> sums_;  // of each vector: as how many sums of 1, 2, 3 factors' forms it comes
  Words words_{};
};

// Factors whose levels are powers of one prime.
struct Group {
  uint32_t p = 0;
  std::vector<size_t> factors;
  std::vector<uint32_t> dims;
  uint32_t whole = 0, rank = 0;  // digits of the full crossing, of the part
  std::vector<Forms> forms;
};

// Nothing where a factor's levels are no power of a prime.
std::optional<std::vector<Group>> by_prime(const std::vector<uint32_t>& levels) {
  std::vector<Group> out;
  for (size_t f = 0; f < levels.size(); ++f) {
    uint32_t p = 2, rest = levels[f], dim = 0;
    while (levels[f] % p != 0) ++p;
    for (; rest % p == 0; rest /= p) ++dim;
    if (rest != 1) return std::nullopt;
    auto group = std::find_if(out.begin(), out.end(), [&](const Group& g) { return g.p == p; });
    if (group == out.end()) group = out.insert(out.end(), Group{p, {}, {}, 0, 0, {}});
    group->factors.push_back(f);
    group->dims.push_back(dim);
    group->whole += dim;
  }
  return out;
}

// The order of each factor's levels, drawn.
std::vector<Cell> relabelled(std::vector<Cell> cells, const std::vector<uint32_t>& levels, Sequence& draws) {
  for (size_t f = 0; f < levels.size(); ++f) {
    std::vector<uint32_t> names(levels[f]);
    std::iota(names.begin(), names.end(), 0);
    shuffle(names, draws);
    for (Cell& cell : cells) cell[f] = names[cell[f]];
  }
  return cells;
}

std::optional<std::vector<Cell>> regular(const std::vector<uint32_t>& levels, size_t n, Sequence& draws) {
  auto groups = by_prime(levels);
  if (!groups) return std::nullopt;
  size_t cosets = n;
  for (Group& group : *groups) {
    for (; group.rank < group.whole && cosets % group.p == 0; cosets /= group.p) ++group.rank;
    size_t size = 1;
    for (uint32_t i = 0; i < group.rank; ++i) size *= group.p;
    if (size > kLargestSpace) return std::nullopt;
    // Large factors first, those of a size in drawn order.
    std::vector<size_t> order(group.factors.size());
    std::iota(order.begin(), order.end(), 0);
    shuffle(order, draws);
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return group.dims[a] > group.dims[b]; });
    Group sorted = group;
    for (size_t i = 0; i < order.size(); ++i) {
      sorted.factors[i] = group.factors[order[i]];
      sorted.dims[i] = group.dims[order[i]];
    }
    group = std::move(sorted);
    size_t forms_wanted = 0;  // that are not 0: no two factors share one
    for (uint32_t dim : group.dims) forms_wanted += Space(group.p, dim).size() - 1;
    if (group.rank < group.dims[0] || forms_wanted >= size) return std::nullopt;
    const Space space(group.p, group.rank);
    auto forms = Search(space, group.rank, group.dims).run(draws);
    if (!forms) return std::nullopt;
    group.forms = *std::move(forms);
  }
  // The runs with nothing added; a coset adds to each factor's level.
  std::vector<Cell> base = {Cell(levels.size(), 0)};
  for (const Group& group : *groups) {
    const Space space(group.p, group.rank);
    std::vector<Cell> next;
    for (const Cell& cell : base) {
      for (uint32_t point = 0; point < space.size(); ++point) {
        Cell& run = next.emplace_back(cell);
        for (size_t i = 0; i < group.factors.size(); ++i) {
          for (uint32_t form : group.forms[i])
            run[group.factors[i]] = run[group.factors[i]] * group.p + space.at(form, point);
        }
      }
    }
    base = std::move(next);
  }
  std::set<Cell> out;
  while (out.size() < n) {
    Cell shift;  // the first run of its coset
    for (uint32_t l : levels) shift.push_back(static_cast<uint32_t>(draws.below(l)));
    if (out.contains(shift)) continue;
    std::vector<Cell> coset = base;
    for (Cell& run : coset) {
      for (const Group& group : *groups) {
        for (size_t i = 0; i < group.factors.size(); ++i) {
          const size_t f = group.factors[i];
          const Space level(group.p, group.dims[i]);
          run[f] = level.plus(run[f], shift[f]);
        }
      }
    }
    out.insert(coset.begin(), coset.end());
  }
  return relabelled({out.begin(), out.end()}, levels, draws);
}

bool is_prime(size_t n) {
  for (size_t d = 2; d * d <= n; ++d) {
    if (n % d == 0) return false;
  }
  return n > 1;
}

// Runs that `choose` makes of drawn columns, as soon as all of them differ.
std::optional<std::vector<Cell>> chosen(const std::vector<uint32_t>& levels, size_t n, Sequence& draws,
                                        const std::function<std::vector<Cell>()>& choose) {
  for (int tries = 0; tries < kColumnChoices; ++tries) {
    std::vector<Cell> runs = choose();
    if (std::set<Cell>(runs.begin(), runs.end()).size() == n) return relabelled(std::move(runs), levels, draws);
  }
  return std::nullopt;
}

// Columns of the Hadamard matrix of order p + 1, p a prime and 3 more than a multiple of 4.
std::optional<std::vector<Cell>> hadamard(const std::vector<uint32_t>& levels, size_t n, Sequence& draws) {
  const bool two = std::all_of(levels.begin(), levels.end(), [](uint32_t l) { return l == 2; });
  if (!two || n % 4 != 0 || n > kLargestSpace || !is_prime(n - 1) || levels.size() > n - 1) return std::nullopt;
  const size_t p = n - 1;
  std::vector<bool> square(p, false);
  for (size_t i = 0; i < p; ++i) square[i * i % p] = true;
  std::vector<size_t> columns(p);
  std::iota(columns.begin(), columns.end(), 0);
  return chosen(levels, n, draws, [&] {
    shuffle(columns, draws);
    std::vector<Cell> runs = {Cell(levels.size(), 0)};
    for (size_t r = 0; r < p; ++r) {
      Cell& run = runs.emplace_back();
      for (size_t f = 0; f < levels.size(); ++f) run.push_back(square[(columns[f] + p - r) % p] ? 1 : 0);
    }
    return runs;
  });
}

// Columns of the array of 18 runs with six factors of three levels and one of six, or of two and three in its place: from a matrix in
// which any two columns differ by each number modulo 3 equally often.
std::optional<std::vector<Cell>> eighteen(const std::vector<uint32_t>& levels, size_t n, Sequence& draws) {
  constexpr uint32_t kDifferent[6][6] = {{0, 0, 0, 0, 0, 0}, {0, 0, 1, 1, 2, 2}, {0, 1, 0, 2, 1, 2},
                                         {0, 1, 2, 0, 2, 1}, {0, 2, 1, 2, 0, 1}, {0, 2, 2, 1, 1, 0}};
  const auto of = [&](uint32_t l) { return static_cast<size_t>(std::count(levels.begin(), levels.end(), l)); };
  if (n != 18 || of(2) + of(3) + of(6) != levels.size() || of(2) + of(6) > 1 || of(3) + of(6) > 7) return std::nullopt;
  std::vector<size_t> columns(of(6) > 0 ? 6 : 7);
  std::iota(columns.begin(), columns.end(), 0);
  return chosen(levels, n, draws, [&] {
    shuffle(columns, draws);
    std::vector<Cell> runs;
    for (uint32_t row = 0; row < 6; ++row) {
      for (uint32_t more = 0; more < 3; ++more) {
        size_t next = 0;
        Cell& run = runs.emplace_back();
        for (uint32_t l : levels) {
          if (l == 6) run.push_back(row);
          if (l == 2) run.push_back(row / 3);
          if (l != 3) continue;
          const size_t column = columns[next++];
          run.push_back(column == 6 ? row % 3 : (kDifferent[row][column] + more) % 3);
        }
      }
    }
    return runs;
  });
}

// Latin squares, and several that share no cell: three factors with as many levels each, of which the third is the sum of the others.
std::optional<std::vector<Cell>> latin(const std::vector<uint32_t>& levels, size_t n, Sequence& draws) {
  if (levels.size() != 3) return std::nullopt;
  const uint32_t l = levels[0];
  if (levels[1] != l || levels[2] != l || n % (size_t{l} * l) != 0) return std::nullopt;
  std::vector<Cell> runs;
  for (uint32_t square = 0; square < n / (size_t{l} * l); ++square) {
    for (uint32_t a = 0; a < l; ++a) {
      for (uint32_t b = 0; b < l; ++b) runs.push_back({a, b, (a + b + square) % l});
    }
  }
  return relabelled(std::move(runs), levels, draws);
}

}  // namespace

std::optional<std::vector<Cell>> orthogonal_array(const std::vector<uint32_t>& levels, size_t n, std::string_view key) {
  if (levels.empty() || levels.size() > kMostFactors) return std::nullopt;
  if (std::any_of(levels.begin(), levels.end(), [](uint32_t l) { return l < 2; })) return std::nullopt;
  Sequence draws(key);
  if (auto cells = regular(levels, n, draws)) return cells;
  if (auto cells = hadamard(levels, n, draws)) return cells;
  if (auto cells = eighteen(levels, n, draws)) return cells;
  return latin(levels, n, draws);
}

}  // namespace parley::stats
