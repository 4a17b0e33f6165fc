// Included before everything else when Verilator's runtime is compiled for Rust
// crates (-include): reports, and all that is printed, come to the functions
// below, which verilated_ffi.cpp defines. These are Verilator's documented
// points of extension.
#ifndef VERILATED_FFI_HOOKS_H_
#define VERILATED_FFI_HOOKS_H_

#define VL_USER_FINISH
#define VL_USER_STOP
#define VL_USER_STOP_MAYBE
#define VL_USER_FATAL
#define VL_USER_WARN

#ifdef __cplusplus
// Verilator calls this one without declaring it.
void vl_stop_maybe(const char* filename, int linenum, const char* hier, bool maybe);
extern "C" int verilated_ffi_printf(const char* format, ...) __attribute__((format(printf, 1, 2)));
#define VL_PRINTF verilated_ffi_printf
#endif

#endif  // VERILATED_FFI_HOOKS_H_
