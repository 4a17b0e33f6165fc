#include "workload.h"

#include <stddef.h>

/* Marsaglia's xorshift; never yields 0 from a seed that isn't. */
static uint32_t next_random(uint32_t *state) {
  uint32_t x = *state;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return *state = x;
}

/* ---- CRC-32: bit by bit against four bits at a time, and against the published check value ---- */

#define CRC_POLYNOMIAL 0xedb88320u
#define CRC_BYTES 256

static uint32_t crc32_bits(const uint8_t *data, size_t size) {
  uint32_t crc = UINT32_MAX;
  for (size_t i = 0; i < size; i++) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1u) ? CRC_POLYNOMIAL : 0u);
  }
  return ~crc;
}

static uint32_t crc32_nibbles(const uint8_t *data, size_t size) {
  static uint32_t table[16];
  if (!table[1]) {
    for (uint32_t i = 0; i < 16; i++) {
      uint32_t crc = i;
      for (int bit = 0; bit < 4; bit++) crc = (crc >> 1) ^ ((crc & 1u) ? CRC_POLYNOMIAL : 0u);
      table[i] = crc;
    }
  }
  uint32_t crc = UINT32_MAX;
  for (size_t i = 0; i < size; i++) {
    crc ^= data[i];
    crc = (crc >> 4) ^ table[crc & 0xfu];
    crc = (crc >> 4) ^ table[crc & 0xfu];
  }
  return ~crc;
}

static bool run_crc32(uint32_t seed, uint32_t *checksum) {
  static const uint8_t check[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  static uint8_t data[CRC_BYTES];
  for (size_t i = 0; i < CRC_BYTES; i++) data[i] = (uint8_t)next_random(&seed);
  const uint32_t crc = crc32_nibbles(data, CRC_BYTES);
  *checksum ^= crc;
  return crc == crc32_bits(data, CRC_BYTES) && crc32_bits(check, sizeof check) == 0xcbf43926u;
}

/* ---- heap sort: ascending, and the same numbers as before ---- */

#define SORT_COUNT 128

static void sift_down(uint32_t *heap, size_t root, size_t size) {
  for (;;) {
    size_t child = 2 * root + 1;
    if (child >= size) return;
    if (child + 1 < size && heap[child + 1] > heap[child]) child++;
    if (heap[root] >= heap[child]) return;
    const uint32_t swap = heap[root];
    heap[root] = heap[child];
    heap[child] = swap;
    root = child;
  }
}

static bool run_sort(uint32_t seed, uint32_t *checksum) {
  static uint32_t values[SORT_COUNT];
  uint32_t sum = 0;
  for (size_t i = 0; i < SORT_COUNT; i++) sum += values[i] = next_random(&seed);

  for (size_t i = SORT_COUNT / 2; i-- > 0;) sift_down(values, i, SORT_COUNT);
  for (size_t end = SORT_COUNT - 1; end > 0; end--) {
    const uint32_t swap = values[0];
    values[0] = values[end];
    values[end] = swap;
    sift_down(values, 0, end);
  }

  bool ascending = true;
  for (size_t i = 0; i < SORT_COUNT; i++) {
    sum -= values[i];
    if (i && values[i - 1] > values[i]) ascending = false;
  }
  *checksum ^= values[SORT_COUNT / 2];
  return ascending && sum == 0;
}

/* ---- matrix product C = A B: A (B v) = C v for a random vector v ---- */

#define MATRIX_SIZE 10

typedef uint32_t matrix[MATRIX_SIZE][MATRIX_SIZE];

static void multiply_vector(const matrix m, const uint32_t *v, uint32_t *result) {
  for (size_t i = 0; i < MATRIX_SIZE; i++) {
    uint32_t sum = 0;
    for (size_t j = 0; j < MATRIX_SIZE; j++) sum += m[i][j] * v[j];
    result[i] = sum;
  }
}

static bool run_matrix(uint32_t seed, uint32_t *checksum) {
  static matrix a, b, c;
  uint32_t v[MATRIX_SIZE], bv[MATRIX_SIZE], abv[MATRIX_SIZE], cv[MATRIX_SIZE];
  for (size_t i = 0; i < MATRIX_SIZE; i++) {
    v[i] = next_random(&seed);
    for (size_t j = 0; j < MATRIX_SIZE; j++) {
      a[i][j] = next_random(&seed);
      b[i][j] = next_random(&seed);
    }
  }
  for (size_t i = 0; i < MATRIX_SIZE; i++) {
    for (size_t j = 0; j < MATRIX_SIZE; j++) {
      uint32_t sum = 0;
      for (size_t k = 0; k < MATRIX_SIZE; k++) sum += a[i][k] * b[k][j];
      c[i][j] = sum;
    }
  }
  multiply_vector(b, v, bv);
  multiply_vector(a, bv, abv);
  multiply_vector(c, v, cv);
  bool equal = true;
  for (size_t i = 0; i < MATRIX_SIZE; i++) {
    *checksum ^= cv[i];
    if (abv[i] != cv[i]) equal = false;
  }
  return equal;
}

/* ---- linked list: reversing it twice gives the order of before ---- */

#define LIST_COUNT 64

struct node {
  struct node *next;
  uint32_t value;
};

static struct node *reverse(struct node *head) {
  struct node *reversed = NULL;
  while (head) {
    struct node *const next = head->next;
    head->next = reversed;
    reversed = head;
    head = next;
  }
  return reversed;
}

/* Depends on the order of the values. */
static uint32_t list_hash(const struct node *head) {
  uint32_t hash = 2166136261u;
  for (; head; head = head->next) hash = (hash ^ head->value) * 16777619u;
  return hash;
}

static bool run_list(uint32_t seed, uint32_t *checksum) {
  static struct node nodes[LIST_COUNT];
  struct node *head = NULL;
  for (size_t i = 0; i < LIST_COUNT; i++) {
    nodes[i].value = next_random(&seed);
    nodes[i].next = head;
    head = &nodes[i];
  }
  const uint32_t forwards = list_hash(head);
  head = reverse(head);
  const uint32_t backwards = list_hash(head);
  head = reverse(head);
  *checksum ^= backwards;
  return list_hash(head) == forwards && backwards != forwards;
}

/* ---- division: q d + r = n with r < d, unsigned and signed ---- */

#define DIVISIONS 32

static bool run_divide(uint32_t seed, uint32_t *checksum) {
  bool right = true;
  for (int i = 0; i < DIVISIONS; i++) {
    const uint32_t n = next_random(&seed);
    const uint32_t d = next_random(&seed) >> (i & 31);
    const uint32_t q = n / d, r = n % d;
    const int32_t signed_n = (int32_t)n, signed_d = -(int32_t)(d >> 1) - 1;
    const int32_t signed_q = signed_n / signed_d, signed_r = signed_n % signed_d;
    if (r >= d || q * d + r != n) right = false;
    if ((uint32_t)signed_q * (uint32_t)signed_d + (uint32_t)signed_r != n) right = false;
    *checksum ^= q ^ r ^ (uint32_t)signed_q;
  }
  return right;
}

const struct workload workloads[] = {
    {"crc32", run_crc32}, {"sort", run_sort},     {"matrix", run_matrix},
    {"list", run_list},   {"divide", run_divide},
};
const uint32_t workload_count = sizeof workloads / sizeof workloads[0];
