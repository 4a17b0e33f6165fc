// A main of the user's own, around the model's class.
#include <cstdio>
#include <memory>

#include "Vcalls_c.h"
#include "verilated.h"

int main(int argc, char** argv) {
  const auto context = std::make_unique<VerilatedContext>();
  context->commandArgs(argc, argv);
  const auto top = std::make_unique<Vcalls_c>(context.get());
  top->a = 12;
  while (!context->gotFinish()) {
    top->eval();
    if (!top->eventsPending()) break;
    context->time(top->nextTimeSlot());
  }
  top->final();
  std::printf("own main: ended at %llu\n", static_cast<unsigned long long>(context->time()));
  return 0;
}
