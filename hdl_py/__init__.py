"""The thinking behind rules_sv: hardware languages as text, units, names and ports.

Everything below this package is pure: bytes and values in, values out. No
argv, no Bazel, no clock, no environment, no process. The programs in `tools`
do the input and output.
"""
