"""From isolated units to a simulator's C++: Verilator's command, its output, the built-in main."""
