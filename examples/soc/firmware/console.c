#include "console.h"

#include "soc.h"

void put_char(char c) {
  while (!(UART_STATUS & UART_STATUS_READY)) {
  }
  UART_DATA = (uint8_t)c;
}

void put_string(const char *text) {
  while (*text) put_char(*text++);
}

void put_padded(const char *text, uint32_t width) {
  for (; *text; text++) {
    put_char(*text);
    if (width) width--;
  }
  while (width--) put_char(' ');
}

/* By subtraction of powers of ten: a 64-bit division would need a run-time library. */
void put_decimal(uint64_t value, uint32_t width) {
  static const uint64_t powers[] = {
      10000000000000000000u, 1000000000000000000u, 100000000000000000u, 10000000000000000u,
      1000000000000000u,     100000000000000u,     10000000000000u,     1000000000000u,
      100000000000u,         10000000000u,         1000000000u,         100000000u,
      10000000u,             1000000u,             100000u,             10000u,
      1000u,                 100u,                 10u,                 1u,
  };
  const uint32_t count = sizeof powers / sizeof powers[0];

  uint32_t first = 0;
  while (first < count - 1 && value < powers[first]) first++;

  for (uint32_t digits = count - first; digits < width; digits++) put_char(' ');
  for (uint32_t i = first; i < count; i++) {
    char digit = '0';
    while (value >= powers[i]) {
      value -= powers[i];
      digit++;
    }
    put_char(digit);
  }
}

void put_hex(uint32_t value) {
  put_string("0x");
  for (int shift = 28; shift >= 0; shift -= 4) put_char("0123456789abcdef"[(value >> shift) & 0xfu]);
}
