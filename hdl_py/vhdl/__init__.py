"""VHDL: an exact scanner, the structure of design files, and the proof of what a name means."""
