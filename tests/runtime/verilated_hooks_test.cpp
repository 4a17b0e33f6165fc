// Messages of Verilator's runtime name the user's files and lines.
#include "rules/runtime/verilated_hooks.h"

#include <unistd.h>

#include <cstdlib>

#include "tests/runtime/check.h"

namespace {

// What rules_sv_printf writes to stdout.
template <class... Args>
std::string printed(const char* format, Args... args) {
  const std::string path = std::string(std::getenv("TEST_TMPDIR")) + "/printed";
  std::fflush(stdout);
  const int keep = dup(1);
  if (std::freopen(path.c_str(), "w", stdout) == nullptr) std::abort();
  const int size = rules_sv_printf(format, args...);
  std::fflush(stdout);
  dup2(keep, 1);
  close(keep);
  const std::string text = check::read_file(path);
  CHECK(size >= 0);
  return text;
}

// Makes the maps known; the paths' strings live as long as the program.
void maps(const std::vector<std::string>& names) {
  static std::vector<std::string> paths;
  static std::vector<const char*> pointers;
  paths = names;
  pointers.clear();
  for (const std::string& path : paths) pointers.push_back(path.c_str());
  rules_sv::set_line_maps(pointers.data(), pointers.size());
}

// A map as SvUnit writes it: isolated lines 1 and 2 come from line 10, those from 3 on from line 20.
void write_map(const std::string& path, const std::string& file) {
  check::write_file(path, "sv-map 1\nF 0 other.sv\nF 1 " + file + "\nL 1 1 10 3,7\nL 3 1 20 1\nD module 1 10 8 top\n");
}

struct InFolder {
  InFolder() {
    const std::string folder = std::getenv("TEST_TMPDIR");
    if (chdir(folder.c_str()) != 0) std::abort();
    if (std::system("mkdir -p a/b 'a c' ../repo") != 0) std::abort();
  }
} in_folder;

TEST("text without isolated sources is printed as it is") {
  maps({});
  CHECK_EQ("50% of 7 'x' \n", printed("%d%% of %s 'x' \n", 50, "7"));
}

TEST("long texts are printed whole") {
  const std::string text(5000, 'x');
  CHECK_EQ(text + "\n", printed("%s\n", text.c_str()));
  const std::string edge(1024, 'y');
  CHECK_EQ(edge, printed("%s", edge.c_str()));
  CHECK_EQ("", printed("%s", ""));
}

TEST("a place in an isolated source becomes the user's") {
  write_map("a/b/unit.unit.map", "a/b/user file.sv");
  maps({"a/b/unit.unit.map"});
  CHECK_EQ("- a/b/user file.sv:20: Verilog $finish\n",
           printed("- %s:%d: Verilog $finish\n", "bazel-out/k8-fastbuild/bin/a/b/unit.unit.sv", 5));
  CHECK_EQ("a/b/user file.sv:10: x", printed("%s", "a/b/unit.unit.sv:2: x"));
}

TEST("every place in a text is translated") {
  CHECK_EQ("(a/b/user file.sv:10) and 'a/b/user file.sv:20'",
           printed("%s", "(bin/a/b/unit.unit.sv:1) and 'bin/a/b/unit.unit.sv:3'"));
}

TEST("a file's name alone is enough where one unit has it") {
  CHECK_EQ("[7] %Fatal: a/b/user file.sv:20: Assertion failed\n",
           printed("%s", "[7] %Fatal: unit.unit.sv:4: Assertion failed\n"));
}

TEST("a file's name alone says nothing where two units have it") {
  write_map("a/unit.unit.map", "a/other.sv");
  maps({"a/b/unit.unit.map", "a/unit.unit.map"});
  CHECK_EQ("unit.unit.sv:4: x", printed("%s", "unit.unit.sv:4: x"));
}

TEST("of two units of one name the path decides") {
  CHECK_EQ("a/b/user file.sv:10: x", printed("%s", "bin/a/b/unit.unit.sv:1: x"));
  CHECK_EQ("a/other.sv:10: x", printed("%s", "bin/a/unit.unit.sv:1: x"));
}

TEST("a unit in the root package has the shortest path, and is not taken for others") {
  write_map("unit.unit.map", "root.sv");
  maps({"unit.unit.map", "a/b/unit.unit.map"});
  CHECK_EQ("a/b/user file.sv:10: x", printed("%s", "bazel-out/cfg/bin/a/b/unit.unit.sv:1: x"));
  CHECK_EQ("root.sv:10: x", printed("%s", "bazel-out/cfg/bin/unit.unit.sv:1: x"));
}

TEST("a copy in another folder is found by its name") {
  maps({"a/b/unit.unit.map"});
  CHECK_EQ("- a/b/user file.sv:10: x", printed("%s", "- bazel-out/cfg/bin/c/sim.sources/unit.unit.sv:1: x"));
  maps({"a/b/unit.unit.map", "a/unit.unit.map"});
  CHECK_EQ("bin/c/sim.sources/unit.unit.sv:1: x", printed("%s", "bin/c/sim.sources/unit.unit.sv:1: x"));
}

TEST("points of coverage name the user's place") {
  maps({"a/b/unit.unit.map"});
  const std::string keys = "C '\1f\2%f\1l\2%l\1n\0023\1t\2line\1h\2top' 7";
  const auto point = [&keys](const std::string& file, const std::string& line) {
    std::string text = keys;
    text.replace(text.find("%f"), 2, file);
    return text.replace(text.find("%l"), 2, line);
  };
  CHECK_EQ(point("a/b/user file.sv", "20"),
           rules_sv::coverage_with_user_places(point("bin/x.closure/unit.unit.sv", "3")));
  CHECK_EQ(point("other.sv", "3"), rules_sv::coverage_with_user_places(point("other.sv", "3")));
  CHECK_EQ("# SystemC::Coverage-3", rules_sv::coverage_with_user_places("# SystemC::Coverage-3"));
}

TEST("paths with spaces and quotes are found") {
  write_map("a c/it's (1).unit.map", "a c/it's.sv");
  maps({"a c/it's (1).unit.map"});
  CHECK_EQ("- a c/it's.sv:10: x", printed("%s", "- bazel-out/cfg/bin/a c/it's (1).unit.sv:1: x"));
}

TEST("units of other repositories are found where they are built") {
  write_map("../repo/unit.unit.map", "external/repo/user.sv");
  maps({"../repo/unit.unit.map"});
  CHECK_EQ("external/repo/user.sv:10: x", printed("%s", "bazel-out/cfg/bin/external/repo/unit.unit.sv:1: x"));
}

TEST("what no map covers stays") {
  maps({"a/b/unit.unit.map", "a/missing.unit.map"});
  for (const char* const text : {"bin/a/b/unit.unit.sv:0: x", "bin/a/b/xunit.unit.sv:1: x", "bin/a/missing.unit.sv:1: x",
                                 "bin/a/b/unit.unit.sv: x", "bin/a/b/unit.unit.sv:x", ".unit.sv:1"})
    CHECK_EQ(std::string(text), printed("%s", text));
}

TEST("a damaged map hides no message") {
  check::write_file("a/damaged.unit.map", "sv-map 1\nF 1 skipped.sv\nL 1 0 7 1\nL x y\n\n");
  maps({"a/damaged.unit.map"});
  CHECK_EQ("bin/a/damaged.unit.sv:1: x", printed("%s", "bin/a/damaged.unit.sv:1: x"));
}

}  // namespace
