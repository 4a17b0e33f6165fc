/* Loops that exercise the core, each of which checks its own result. */
#ifndef WORKLOAD_H_
#define WORKLOAD_H_

#include <stdbool.h>
#include <stdint.h>

struct workload {
  const char *name;
  /* Runs once. `seed` chooses the data; `*checksum` is updated with the result.
   * Returns whether the result is right. */
  bool (*run)(uint32_t seed, uint32_t *checksum);
};

extern const struct workload workloads[];
extern const uint32_t workload_count;

#endif
