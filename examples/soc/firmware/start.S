/* Vector table, reset and the C environment.
 *
 * Ibex takes interrupts in vectored mode: cause N jumps to the table's base plus 4 * N, exceptions
 * to the base itself. It boots at the base plus 0x80. link.ld puts this section at the start of RAM.
 */
    .section .vectors, "ax", @progbits
    .option push
    .option norvc               /* each entry takes exactly four bytes */
    .balign 256                 /* mtvec ignores the low eight bits */
    .globl vectors
vectors:
    j exception_entry           /* 0: exceptions */
    .rept 6
    j unexpected_interrupt
    .endr
    j timer_interrupt           /* 7: machine timer, see timer.c */
    .rept 24
    j unexpected_interrupt
    .endr
    .option pop

    .org 0x80
    .globl reset
reset:
    la    t0, vectors
    ori   t0, t0, 1             /* vectored */
    csrw  mtvec, t0
    .option push
    .option norelax             /* gp itself can't be set relative to gp */
    la    gp, __global_pointer$
    .option pop
    la    sp, __stack_top

    la    t0, __bss_start       /* both ends are word aligned */
    la    t1, __bss_end
1:  bgeu  t0, t1, 2f
    sw    zero, 0(t0)
    addi  t0, t0, 4
    j     1b

2:  call  main
    call  soc_exit              /* with main's result; does not return */

/* An exception is a fault of the program: report it and stop. Nothing is saved, as nothing resumes;
 * the stack starts afresh in case that it was what broke.
 */
exception_entry:
unexpected_interrupt:
    la    sp, __stack_top
    csrr  a0, mcause
    csrr  a1, mepc
    csrr  a2, mtval
    call  report_trap           /* does not return */
