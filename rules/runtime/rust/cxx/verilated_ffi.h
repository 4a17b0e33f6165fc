// The C ABI between a generated crate's Rust code and the C++ beside its model.
//
// One symbol leaves each crate's archive or shared library: `<crate>_ffi_api`,
// which returns a VffiApi. Everything else is reached through that table, so
// static and dynamic linking use the same calls. Change VFFI_ABI_VERSION with
// any change here; `src/abi.rs` mirrors this file.
#ifndef VERILATED_FFI_H_
#define VERILATED_FFI_H_

#include <stddef.h>
#include <stdint.h>

#define VFFI_ABI_VERSION 1u

#if defined(_WIN32)
#define VFFI_EXPORT __declspec(dllexport)
#else
#define VFFI_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

// What a call found. Zero is the only value that needs no further look.
enum VffiStatus {
  VFFI_RUNNING = 0,   // go on
  VFFI_FINISHED = 1,  // $finish was reached; later calls do nothing
  VFFI_REPORT = 2,  // reports wait; the model can go on
  VFFI_DEAD = 3,    // reports wait; later calls do nothing
  VFFI_PANIC = 4,   // the print callback panicked; the caller must resume it
};

// Why a report exists.
enum VffiKind {
  VFFI_KIND_ERROR = 0,        // $error, or an assertion whose action calls it
  VFFI_KIND_ASSERTION = 1,    // an assertion without an action
  VFFI_KIND_STOP = 2,         // $stop
  VFFI_KIND_FATAL = 3,        // $fatal
  VFFI_KIND_NOT_CONVERGED = 4,  // a region did not settle
  VFFI_KIND_RUNTIME = 5,      // the Verilator runtime gave up
  VFFI_KIND_EXCEPTION = 6,    // a C++ exception came out of the model
  VFFI_KIND_TRACE = 7,        // a waveform file could not be written
  VFFI_KIND_SNAPSHOT = 8,     // a snapshot does not fit the model
  VFFI_KIND_COVERAGE = 9,     // a coverage file could not be written
  VFFI_KIND_CREATE = 10,      // the model could not be made
  VFFI_KIND_UNSUPPORTED = 11,   // built without the feature asked for
};

// What the model was built with, as bits of VffiApi.features.
enum VffiFeature {
  VFFI_TRACE_VCD = 1u << 0,
  VFFI_TRACE_FST = 1u << 1,
  VFFI_COVERAGE = 1u << 2,
  VFFI_SAVABLE = 1u << 3,
  VFFI_TIMING = 1u << 4,
};

typedef struct VffiInstance VffiInstance;  // opaque

// One report. The texts live until the next call on the same instance.
typedef struct VffiReport {
  uint32_t kind;      // VffiKind
  uint32_t line;      // 0 if unknown
  const char* file;   // original source, after the line map; may be empty
  const char* scope;  // hierarchical name, may be empty
  const char* message;  // without file, line and scope
} VffiReport;

// Takes text that the model prints. Returns nonzero if the callee panicked.
typedef uint8_t (*VffiPrint)(void* user, const char* text, size_t size);

typedef struct VffiConfig {
  const char* const* args;  // plusargs, in order
  size_t args_size;
  const char* scope;     // name of the model's scope; may be empty
  const char* coverage;  // file written at the end; null for none
  VffiPrint print;       // null for stdout
  void* print_user;      // passed to print
  uint64_t half_period;  // time between the edges of tick, in units of precision
  int64_t seed;          // -1: leave Verilator's default
  int32_t random_reset;  // -1: leave; 0 zeros, 1 ones, 2 random
  int32_t error_limit;   // errors up to this count minus one are only counted
  int32_t time_precision;  // power of ten; 1 leaves the design's
  uint8_t assertions;    // whether assertions are on
} VffiConfig;

typedef struct VffiApi {
  uint32_t abi_version;
  uint32_t size;           // of this struct
  uint64_t interface;      // digest of the ports and their storage
  uint32_t features;       // VffiFeature bits
  uint32_t slots;          // addresses that `ports` writes
  uint32_t string_size;    // bytes of one port of type string
  const char* crate_name;  // name of the crate
  const char* verilator;   // version of Verilator

  // Makes a model. On failure returns null and fills *error.
  VffiInstance* (*create)(const VffiConfig* config, VffiReport* error);
  // Runs final blocks if `finish` did not, closes files, frees everything.
  void (*destroy)(VffiInstance*);
  // Writes the address of every port's storage; they hold until destroy.
  void (*ports)(VffiInstance*, void** out);
  // All of these return a VffiStatus.
  uint32_t (*eval)(VffiInstance*);
  // One cycle of the first clock.
  uint32_t (*tick_once)(VffiInstance*);
  // n cycles of the clocks in `mask`: active edge, eval, idle edge, eval.
  uint32_t (*tick)(VffiInstance*, uint64_t mask, uint64_t n, uint64_t* done);
  // Moves time on, running the delays of a --timing model on the way.
  uint32_t (*advance)(VffiInstance*, uint64_t delta);
  // Runs final blocks, writes coverage, closes the trace. Only once.
  uint32_t (*finish)(VffiInstance*);

  uint64_t (*time)(const VffiInstance*);
  int32_t (*time_precision)(const VffiInstance*);
  void (*set_half_period)(VffiInstance*, uint64_t);
  // Time of the next delayed event; false if there is none.
  uint8_t (*next_event)(VffiInstance*, uint64_t* time);
  // How many errors the model counted.
  int32_t (*error_count)(const VffiInstance*);

  // Reports, in order; take clears those of a model that can go on.
  size_t (*reports)(const VffiInstance*);
  void (*report)(const VffiInstance*, size_t index, VffiReport* out);
  void (*clear_reports)(VffiInstance*);
  // Where $finish was; file may be empty.
  void (*finished_at)(const VffiInstance*, VffiReport* out);

  uint32_t (*trace_open)(VffiInstance*, const char* path, int32_t levels);
  uint32_t (*trace_flush)(VffiInstance*);
  uint32_t (*trace_close)(VffiInstance*);
  uint32_t (*write_coverage)(VffiInstance*, const char* path);
  // The snapshot's bytes live until the next call on the same instance.
  uint32_t (*save)(VffiInstance*, const uint8_t** data, size_t* size);
  uint32_t (*restore)(VffiInstance*, const uint8_t* data, size_t size);

  // Ports of type string: `port` is an address from `ports`.
  const char* (*string_get)(const void* port, size_t* size);
  void (*string_set)(void* port, const char* data, size_t size);
} VffiApi;

#ifdef __cplusplus
}
#endif

#endif  // VERILATED_FFI_H_
