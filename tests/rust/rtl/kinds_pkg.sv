// Types that ports of kinds.sv use.
package kinds_pkg;
  typedef enum logic [2:0] {IDLE = 0, RUN = 3, DONE = 5} state_t;
  typedef enum int {NEGATIVE = -2, ZERO = 0, MANY = 70000} level_t;
  typedef enum logic [69:0] {SMALL = 70'd1, HUGE = 70'h20_0000_0000_0000_0001} wide_enum_t;
  typedef struct packed {
    logic [3:0] a;
    logic signed [6:0] b;
    state_t st;
    logic last;
  } req_t;
  typedef struct packed {
    logic [79:0] tag;
    req_t [1:0] pair;
    logic [31:0] data;
  } wide_t;  // 80 + 30 + 32 = 142 bits
  typedef union packed {
    logic [14:0] raw;
    req_t req;
  } view_t;
  typedef struct packed {
    logic [7:0] hi;
    logic [1:0][3:0] nibbles;
    logic signed [64:0] big;
  } plain_t;  // 8 + 8 + 65 = 81 bits, every encoding a value
endpackage
