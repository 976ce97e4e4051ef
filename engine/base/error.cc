#include "base/error.h"

#include <algorithm>
#include <numeric>

namespace parley {
namespace {

size_t edit_distance(std::string_view a, std::string_view b) {  // with swaps of neighbours (optimal string alignment)
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  size_t least = std::max<size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : known) {
    size_t distance = edit_distance(word, candidate);
    if (distance > 0 && distance < least) {
      least = distance;
      best = &candidate;
    }
  }
  if (!best && word.size() >= 2) {
    auto begins = [&](const std::string& candidate) { return candidate != word && candidate.starts_with(word); };
    const auto at = std::find_if(known.begin(), known.end(), begins);
    if (at != known.end()) best = &*at;
  }
  return best ? " (did you mean '" + *best + "'?)" : "";
}

std::string joined(const std::vector<std::string>& words, std::string_view last) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? std::string(last) : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace parley
