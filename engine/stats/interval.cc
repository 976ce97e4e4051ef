#include "stats/interval.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace parley::stats {

using boost::math::complement;
using boost::math::students_t;

Interval t_interval(double estimate, double error, double df, double level) {
  const double half = quantile(complement(students_t(df), (1 - level) / 2)) * error;
  return {estimate - half, estimate + half};
}

Interval normal_interval(double estimate, double error, double level) {
  const double half = quantile(complement(boost::math::normal(), (1 - level) / 2)) * error;
  return {estimate - half, estimate + half};
}

double two_one_sided(double difference, double error, double df, double margin) {
  const students_t dist(df);
  return std::max(cdf(complement(dist, (difference + margin) / error)), cdf(dist, (difference - margin) / error));
}

double Spread::sd() const { return n_ > 1 ? std::sqrt(squares_ / (n_ - 1)) : 0; }

}  // namespace parley::stats
