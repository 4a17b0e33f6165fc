"""Rust crates around Verilated modules: what a generator asks for, and what it gets to know of each crate.

`plan_crates` takes every use of a module, instances and classes alike, and gives each distinct (module, parameters)
one crate; `tools.ffi_build.build_crates` builds them and returns an `ExternalFFIModule` for each.
"""

from hdl_py.verilated.model import Clock, CrateSpec, ExternalFFIModule, Features, FFIPort, Kind, Reset
from hdl_py.verilated.request import CratePlan, Expression, ModuleRequest, SourceUnit, plan_crates

__all__ = [
    "Clock",
    "CratePlan",
    "CrateSpec",
    "Expression",
    "ExternalFFIModule",
    "FFIPort",
    "Features",
    "Kind",
    "ModuleRequest",
    "Reset",
    "SourceUnit",
    "plan_crates",
]
