#include "stats/two_samples.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace parley::stats {
namespace {

double pooled_sd(const Sample& a, const Sample& b) {
  return std::sqrt(((a.n - 1) * a.sd * a.sd + (b.n - 1) * b.sd * b.sd) / (a.n + b.n - 2));
}

double welch_error(const Sample& a, const Sample& b) { return std::hypot(a.error, b.error); }

double welch_df(const Sample& a, const Sample& b) {
  const double va = a.error * a.error, vb = b.error * b.error;
  return (va + vb) * (va + vb) / (va * va / (a.n - 1) + vb * vb / (b.n - 1));
}

Effect with_interval(double size, const Sample& a, const Sample& b, double level) {
  const double n = a.n + b.n;
  const double error = std::sqrt(n / (a.n * b.n) + size * size / (2 * n));
  return {size, normal_interval(size, error, level)};
}

}  // namespace

Sample sample(std::span<const double> values) { return sample(values, std::vector<double>(values.size(), 1)); }

Sample sample(std::span<const double> values, std::span<const double> weights) {
  Sample out;
  if (values.empty()) return out;
  double sum = 0;
  Effective effective;
  for (size_t i = 0; i < values.size(); ++i) {
    sum += weights[i] * values[i];
    effective.add(weights[i]);
    out.alike = out.alike && weights[i] == weights[0];
  }
  out.weight = effective.weight();
  out.mean = sum / out.weight;
  out.n = effective.n();
  if (values.size() < 2) return out;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  if (*most - *least <= 1e-12 * std::max(std::fabs(*most), std::fabs(*least))) return out;
  double squares = 0, weighed = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double off = weights[i] * (values[i] - out.mean) * (values[i] - out.mean);
    squares += off;
    weighed += weights[i] * off;
  }
  const double more = out.n / (out.n - 1);
  out.sd = std::sqrt(squares / out.weight * more);
  out.error = out.sd / std::sqrt(out.n);
  if (!out.alike) out.error = std::max(out.error, std::sqrt(weighed * more) / out.weight);
  return out;
}

bool weigh_alike(const Sample& a, const Sample& b) { return a.alike && b.alike && a.weight * b.n == b.weight * a.n; }

TTest t_test(double difference, double error, double df, double level) {
  TTest out;
  out.t = difference / error;
  out.df = df;
  out.p = std::min(1.0, 2 * cdf(complement(boost::math::students_t(df), std::fabs(out.t))));
  out.difference = t_interval(difference, error, df, level);
  return out;
}

TTest welch(const Sample& a, const Sample& b, double level) {
  return t_test(a.mean - b.mean, welch_error(a, b), welch_df(a, b), level);
}

Precision precision(const Sample& a, const Sample& b, std::span<const Pair> pairs) {
  const double gamma = welch_df(a, b);
  if (pairs.empty()) return {welch_error(a, b), gamma};
  Effective paired;
  double mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
  for (const Pair& p : pairs) {
    paired.add(p.weight);
    mean_a += p.weight * p.a, mean_b += p.weight * p.b;
  }
  const double n = paired.n(), weight = paired.weight();
  mean_a /= weight, mean_b /= weight;
  for (const Pair& p : pairs) {
    aa += p.weight * (p.a - mean_a) * (p.a - mean_a);
    bb += p.weight * (p.b - mean_b) * (p.b - mean_b);
    ab += p.weight * (p.a - mean_a) * (p.b - mean_b);
  }
  const double apart = a.error * a.error + b.error * b.error, unpaired = 1 - 2 * weight / (a.weight + b.weight);
  const bool alike = weigh_alike(a, b);
  if (!alike && unpaired < 1e-9) {
    std::vector<double> differences, weights;
    for (const Pair& p : pairs) differences.push_back(p.a - p.b), weights.push_back(p.weight);
    const Sample of = sample(differences, weights);
    return {of.error * of.error > 1e-12 * apart ? of.error : 0, n - 1};
  }
  double correlation = aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
  if (!alike) correlation = std::min(correlation, 0.0);
  const double squared = apart - 2 * correlation * a.sd * b.sd * weight / a.weight * weight / b.weight / n;
  // What is 0 but for rounding is 0.
  const double error = squared > 1e-12 * apart ? std::sqrt(squared) : 0;
  return {error, n - 1 + (gamma - n + 1) * unpaired};
}

TTest pooled(const Sample& a, const Sample& b, double level) {
  const double error = pooled_sd(a, b) * std::sqrt(1 / a.n + 1 / b.n);
  return t_test(a.mean - b.mean, error, a.n + b.n - 2, level);
}

Effect cohens_d(const Sample& a, const Sample& b, double level) {
  return with_interval((a.mean - b.mean) / pooled_sd(a, b), a, b, level);
}

Effect hedges_g(const Sample& a, const Sample& b, double level) {
  const double df = a.n + b.n - 2;
  const double correction = std::exp(std::lgamma(df / 2) - std::lgamma((df - 1) / 2)) / std::sqrt(df / 2);
  return with_interval(correction * (a.mean - b.mean) / pooled_sd(a, b), a, b, level);
}

double jzs(double t, double n_a, double n_b, double scale) {
  return jzs_of(t, n_a * n_b / (n_a + n_b), n_a + n_b - 2, scale);
}

double jzs_of(double t, double n, double df, double scale) {
  n *= scale * scale;
  // Over g on a logarithmic scale, u = log g, against the null's likelihood; in logarithms, by the largest, so that nothing overflows
  // on the way.
  const double null = -(df + 1) / 2 * std::log1p(t * t / df);
  auto log_likelihood = [&](double u) {
    const double g = std::exp(u), more = 1 + n * g;
    return -0.5 * std::log(more) - (df + 1) / 2 * std::log1p(t * t / (more * df)) - null - 1.5 * u - 0.5 / g + u;
  };
  // e^-1/2g ends it below, g^-1/2 above: the tails left out weigh less than 1e-12 of the whole.
  constexpr double kFrom = -5, kTo = 60, kStep = 5;
  double most = log_likelihood(kFrom);
  for (double u = kFrom; u < kTo; u += kStep / 50) most = std::max(most, log_likelihood(u));
  double whole = 0;
  for (double from = kFrom; from < kTo; from += kStep)
    whole += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(
        [&](double u) { return std::exp(log_likelihood(u) - most); }, from, from + kStep, 8, 1e-12);
  return std::exp(most + std::log(whole / std::sqrt(2 * std::numbers::pi)));
}

double equivalence(const Sample& a, const Sample& b, double margin) {
  return two_one_sided(a.mean - b.mean, welch_error(a, b), welch_df(a, b), margin);
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t x, size_t y) { return p[x] < p[y]; });
  std::vector<double> out(p.size());
  double most = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    most = std::max(most, std::min(1.0, p[order[i]] * static_cast<double>(p.size() - i)));
    out[order[i]] = most;
  }
  return out;
}

}  // namespace parley::stats
