// Included before everything else when Verilator's runtime is compiled
// (-include): what it prints goes through rules_sv_printf.
#ifndef RULES_SV_HOOKS_H_
#define RULES_SV_HOOKS_H_

#ifdef __cplusplus
extern "C" int rules_sv_printf(const char* format, ...) __attribute__((format(printf, 1, 2)));
#define VL_PRINTF rules_sv_printf
#endif

#endif  // RULES_SV_HOOKS_H_
