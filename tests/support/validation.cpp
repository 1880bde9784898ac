#include "support/validation.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

namespace kubomag::test {
namespace {

/// Where lines and pictures go; empty: nowhere.
std::filesystem::path folder() {
  const char* path = std::getenv("KUBOMAG_VALIDATION");
  return path == nullptr ? "" : path;
}

/// "Suite.Test" or "Backends/Suite.Test/cpu_double".
std::string test_name() {
  const ::testing::TestInfo* test = ::testing::UnitTest::GetInstance()->current_test_info();
  return std::string(test->test_suite_name()) + "." + test->name();
}

void append(nlohmann::json line) {
  if (folder().empty()) return;
  line["test"] = test_name();
  std::ofstream(folder() / "lines.json", std::ios::app) << line.dump() + "\n";
}

}  // namespace

double validation::on_polygon(const std::vector<double>& x, const std::vector<double>& y,
                              double at) {
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    if (x[i] <= at && at <= x[i + 1])
      return x[i] == x[i + 1] ? y[i] : y[i] + (y[i + 1] - y[i]) * (at - x[i]) / (x[i + 1] - x[i]);
  return std::numeric_limits<double>::quiet_NaN();
}

void record(const Expectation& e, double achieved) {
  EXPECT_NEAR(achieved, e.expected, e.tolerance)
      << e.problem << ": " << e.quantity << " (" << e.source << ")";
  append({{"problem", e.problem},
          {"quantity", e.quantity},
          {"expected", e.expected},
          {"tolerance", e.tolerance},
          {"source", e.source},
          {"unit", e.unit},
          {"achieved", achieved}});
}

void note(const std::string& problem, const std::string& quantity, double achieved,
          const std::string& unit) {
  append({{"problem", problem}, {"quantity", quantity}, {"unit", unit}, {"achieved", achieved}});
}

void plot(const std::string& name, const std::string& title, const io::Column& x_axis,
          const std::string& y_unit, const std::vector<Series>& series) {
  if (folder().empty()) return;
  io::Table table;
  table.columns = {x_axis};
  std::vector<double> x;
  for (const Series& s : series) x.insert(x.end(), s.x.begin(), s.x.end());
  std::sort(x.begin(), x.end());
  table.data = {x};
  std::vector<std::string> names, points;
  for (const Series& s : series) {
    table.columns.push_back({s.name, y_unit});
    names.push_back(s.name);
    if (s.points) points.push_back(s.name);
    std::vector<double> y;
    for (const double at : x) {
      const auto own = std::find(s.x.begin(), s.x.end(), at);
      if (own != s.x.end())
        y.push_back(s.y[static_cast<std::size_t>(own - s.x.begin())]);
      else
        y.push_back(s.points ? std::numeric_limits<double>::quiet_NaN()
                             : validation::on_polygon(s.x, s.y, at));
    }
    table.data.push_back(std::move(y));
  }
  io::write_plot(folder() / (name + ".png"), table, names, title, points);
  append({{"plot", name + ".png"}, {"title", title}});
}

}  // namespace kubomag::test
