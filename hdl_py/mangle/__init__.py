"""Versions side by side: plan, classify, rewrite, verify, for SystemVerilog and VHDL alike."""
