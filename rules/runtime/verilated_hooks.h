// What Verilator's runtime prints goes through here, so that messages about
// isolated sources name the user's own files and lines.
#ifndef RULES_SV_RUNTIME_VERILATED_HOOKS_H_
#define RULES_SV_RUNTIME_VERILATED_HOOKS_H_

#include <cstddef>
#include <string>

namespace rules_sv {

// Line maps to consult, as paths from the current folder; read when the first message needs them.
// The strings must outlive the program's last message.
void set_line_maps(const char* const* paths, std::size_t count);

// A text in which places in isolated sources, "a.unit.sv:12", are the user's.
std::string with_user_places(const std::string& text);

// A line of Verilator's coverage data, likewise.
std::string coverage_with_user_places(const std::string& record);

}  // namespace rules_sv

// Stands in for printf in Verilator's runtime (VL_PRINTF).
extern "C" int rules_sv_printf(const char* format, ...) __attribute__((format(printf, 1, 2)));

#endif  // RULES_SV_RUNTIME_VERILATED_HOOKS_H_
