"""What BUILD files load.

```starlark
load("@rules_sv//rules:defs.bzl", "sv_library", "sv_package", "sv_sim", "sv_test", "verilated_ffi_crate")
```
"""

load("//rules/private:sv_filelist.bzl", _sv_filelist = "sv_filelist")
load("//rules/private:sv_library.bzl", _sv_library = "sv_library", _sv_package = "sv_package")
load("//rules/private:sv_model.bzl", _sv_model = "sv_model")
load("//rules/private:sv_sim_macros.bzl", _sv_sim = "sv_sim", _sv_test = "sv_test")
load("//rules/private:verilated_ffi_crate.bzl", _verilated_ffi_crate = "verilated_ffi_crate")
load("//rules/private:verilated_ffi_export.bzl", _verilated_manifest = "verilated_manifest")
load("//rules/private:vhdl_library.bzl", _vhdl_library = "vhdl_library")
load("//rules/private:vhdl_test.bzl", _vhdl_test = "vhdl_test")

sv_filelist = _sv_filelist
sv_library = _sv_library
sv_model = _sv_model
sv_package = _sv_package
sv_sim = _sv_sim
sv_test = _sv_test
verilated_ffi_crate = _verilated_ffi_crate
verilated_manifest = _verilated_manifest
vhdl_library = _vhdl_library
vhdl_test = _vhdl_test
