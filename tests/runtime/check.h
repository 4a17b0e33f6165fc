// The smallest test library that does: TEST registers, CHECK and CHECK_EQ compare, main() runs all.
#ifndef RULES_SV_TESTS_RUNTIME_CHECK_H_
#define RULES_SV_TESTS_RUNTIME_CHECK_H_

#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace check {

struct Test {
  const char* name;
  std::function<void()> body;
};

inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}

inline int& failures() {
  static int count = 0;
  return count;
}

struct Registration {
  Registration(const char* name, std::function<void()> body) { tests().push_back({name, std::move(body)}); }
};

inline void report(const char* file, int line, const std::string& what) {
  std::cerr << file << ":" << line << ": " << what << "\n";
  ++failures();
}

template <class Expected, class Actual>
void equal(const char* file, int line, const char* text, const Expected& expected, const Actual& actual) {
  if (expected == actual) return;
  std::ostringstream message;
  message << text << "\n  expected: " << expected << "\n  found:    " << actual;
  report(file, line, message.str());
}

inline void contains(const char* file, int line, const std::string& text, const std::string& part) {
  if (text.find(part) == std::string::npos) report(file, line, "no \"" + part + "\" in \"" + text + "\"");
}

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace check

#define CHECK_JOIN2(a, b) a##b
#define CHECK_JOIN(a, b) CHECK_JOIN2(a, b)
#define TEST(name)                                                                              \
  static void CHECK_JOIN(test_, __LINE__)();                                                    \
  static const check::Registration CHECK_JOIN(registration_, __LINE__)(name, CHECK_JOIN(test_, __LINE__)); \
  static void CHECK_JOIN(test_, __LINE__)()
#define CHECK(condition) \
  if (!(condition)) check::report(__FILE__, __LINE__, "not so: " #condition)
#define CHECK_EQ(expected, actual) check::equal(__FILE__, __LINE__, #actual, expected, actual)
#define CHECK_HAS(text, part) check::contains(__FILE__, __LINE__, text, part)

int main() {
  for (const check::Test& test : check::tests()) {
    const int before = check::failures();
    test.body();
    std::cerr << (check::failures() == before ? "passed: " : "FAILED: ") << test.name << "\n";
  }
  if (check::tests().empty()) std::cerr << "no test ran\n";
  std::cerr << check::tests().size() << " tests, " << check::failures() << " failed checks\n";
  return check::tests().empty() || check::failures() != 0 ? 1 : 0;
}

#endif  // RULES_SV_TESTS_RUNTIME_CHECK_H_
