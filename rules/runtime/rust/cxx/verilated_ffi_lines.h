// What a crate's lines.cpp needs. It is compiled after every edit that moves a line, so Verilator's headers
// stay out of it.
#ifndef VERILATED_FFI_LINES_H_
#define VERILATED_FFI_LINES_H_

#include <cstddef>

namespace vffi {

// The text of a line map and the source it is for, as Verilator names it.
struct LineMap {
  const char* source;
  const char* text;  // records of hdl_py/sv/linemap.py: F and L, columns left out
};

}  // namespace vffi

#endif  // VERILATED_FFI_LINES_H_
