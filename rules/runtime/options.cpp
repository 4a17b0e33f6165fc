#include "rules/runtime/options.h"

#include <cstdlib>
#include <limits>

namespace rules_sv {
namespace {

// The value of `--name=VALUE` or `--name VALUE`; moves `at` past a separate value.
bool value_of(const std::string& name, int argc, char** argv, int& at, std::string& value, std::string& error) {
  const std::string word = argv[at];
  if (word.rfind(name + "=", 0) == 0) {
    value = word.substr(name.size() + 1);
  } else if (word == name) {
    if (at + 1 >= argc) {
      error = name + " takes a value: " + name + "=…";
      return true;
    }
    value = argv[++at];
  } else {
    return false;
  }
  if (value.empty()) error = name + " takes a value: " + name + "=…";
  return true;
}

std::optional<std::uint64_t> number(const std::string& name, const std::string& text, std::uint64_t least,
                                    std::uint64_t most, std::string& error) {
  std::uint64_t value = 0;
  bool ok = text.find_first_of("0123456789") != std::string::npos;
  for (const char c : text) {
    if (c == '_') continue;  // 1_000_000, as in SystemVerilog
    if (c < '0' || c > '9' ||
        value > (std::numeric_limits<std::uint64_t>::max() - static_cast<unsigned>(c - '0')) / 10) {
      ok = false;
      break;
    }
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  if (!ok || value < least || value > most) {
    error = name + "=" + text + ": a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
            " is expected";
    return std::nullopt;
  }
  return value;
}

}  // namespace

Options parse_options(int argc, char** argv) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max() / 4;
  constexpr std::uint64_t kMostSeed = std::numeric_limits<std::int32_t>::max();
  Options options;
  for (int at = 1; at < argc && options.error.empty(); ++at) {
    const std::string word = argv[at];
    std::string value;
    if (word.empty() || word == "--") continue;
    if (word[0] == '+') {
      options.plusargs.push_back(word);
    } else if (word == "--help" || word == "-h") {
      options.help = true;
    } else if (value_of("--cycles", argc, argv, at, value, options.error)) {
      if (options.error.empty()) options.cycles = number("--cycles", value, 1, kMost, options.error);
    } else if (value_of("--max-cycles", argc, argv, at, value, options.error)) {
      if (options.error.empty()) options.max_cycles = number("--max-cycles", value, 0, kMost, options.error);
    } else if (value_of("--seed", argc, argv, at, value, options.error)) {
      if (options.error.empty()) {
        const auto seed = number("--seed", value, 1, kMostSeed, options.error);
        if (seed) options.seed = static_cast<std::uint32_t>(*seed);
      }
    } else if (value_of("--trace", argc, argv, at, value, options.error)) {
      options.trace = value;
    } else if (value_of("--coverage", argc, argv, at, value, options.error)) {
      options.coverage = value;
    } else {
      options.error =
          "unknown argument '" + word + "'. Plusargs begin with '+'; --help lists the simulator's own options";
    }
  }
  return options;
}

std::string help_text(const std::string& program, const std::string& trace, bool coverage) {
  std::string text = "usage: " + program +
                     " [OPTION…] [+PLUSARG…]\n"
                     "\n"
                     "  --cycles=N      stop after N cycles, exit code 0\n"
                     "  --max-cycles=N  fail after N cycles (0: no limit), in place of the rule's max_cycles\n"
                     "  --seed=N        seed of $random, $urandom and randomize(), from 1\n";
  if (trace == "none") {
    text += "  --trace=FILE    not in this simulator: build it with trace = \"fst\" or \"vcd\"\n";
  } else {
    text += "  --trace=FILE    write the waveform to FILE (" + trace + ")\n";
  }
  text += coverage ? "  --coverage=FILE write coverage to FILE, for verilator_coverage\n"
                   : "  --coverage=FILE not in this simulator: build it with coverage = True\n";
  text +=
      "  --help          this text\n"
      "  +NAME[=VALUE]   for $test$plusargs and $value$plusargs; +verilator+… for Verilator's runtime\n"
      "\n"
      "A cycle is a rising edge of the first clock; in a top that makes its own time, a time slot\n"
      "in which something happens. Exit code: 0 on $finish or at --cycles; 1 on $fatal, $error,\n"
      "$stop, the cycle limit, or where nothing is left to happen before $finish; 2 on wrong usage.\n";
  return text;
}

}  // namespace rules_sv
