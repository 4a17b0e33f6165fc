"""Boundaries: a unit verilated alone, and the stub through which its parents drive it."""
