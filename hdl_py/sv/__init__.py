"""SystemVerilog compilation units: checks, isolation and interface files."""
