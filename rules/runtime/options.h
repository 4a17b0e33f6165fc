// The command line of a simulator made by sv_sim or sv_test.
#ifndef RULES_SV_RUNTIME_OPTIONS_H_
#define RULES_SV_RUNTIME_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rules_sv {

struct Options {
  std::optional<std::uint64_t> cycles;      // --cycles=N: stop there, exit code 0
  std::optional<std::uint64_t> max_cycles;  // --max-cycles=N: in place of the rule's limit
  std::optional<std::uint32_t> seed;        // --seed=N
  std::string trace;                        // --trace=FILE
  std::string coverage;                     // --coverage=FILE
  std::vector<std::string> plusargs;        // everything that begins with '+'
  bool help = false;
  std::string error;  // not empty: what is wrong with the command line, and what would be right
};

Options parse_options(int argc, char** argv);

std::string help_text(const std::string& program, const std::string& trace, bool coverage);

}  // namespace rules_sv

#endif  // RULES_SV_RUNTIME_OPTIONS_H_
