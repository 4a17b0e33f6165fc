"""Real processors from pinned packages, each below a wrapper with plain ports."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hdl_py.sv.ports_elaborate import UnitSources
from hdl_py.text.source import SourceText

IBEX_PRIMITIVES = """
module prim_buf #(parameter int Width = 1) (input [Width-1:0] in_i, output logic [Width-1:0] out_o);
  prim_generic_buf #(.Width(Width)) u_impl (.*);
endmodule
module prim_flop #(parameter int Width = 1, parameter logic [Width-1:0] ResetValue = 0)
    (input clk_i, input rst_ni, input [Width-1:0] d_i, output logic [Width-1:0] q_o);
  prim_generic_flop #(.Width(Width), .ResetValue(ResetValue)) u_impl (.*);
endmodule
module prim_clock_gating #(parameter bit NoFpgaGate = 0, parameter bit FpgaBufGlobal = 1)
    (input clk_i, input en_i, input test_en_i, output logic clk_o);
  logic enabled;
  always_latch if (!clk_i) enabled = en_i | test_en_i;
  assign clk_o = enabled & clk_i;
endmodule
module prim_clock_mux2 #(parameter bit NoFpgaBufG = 0)
    (input clk0_i, input clk1_i, input sel_i, output logic clk_o);
  prim_generic_clock_mux2 u_impl (.*);
endmodule
"""

CV32E40P_GATE = """
module cv32e40p_clock_gate (input logic clk_i, input logic en_i, input logic scan_cg_en_i, output logic clk_o);
  logic enabled;
  always_latch if (clk_i == 1'b0) enabled <= en_i | scan_cg_en_i;
  assign clk_o = clk_i & enabled;
endmodule
"""


@dataclass(frozen=True)
class Core:
    """A processor and what is known of its wrapper `cpu`.

    Attributes:
        name: of the processor.
        package: the Python package that brings it.
        clock: the wrapper's clock.
        reset: the wrapper's reset.
        active: the reset's active level.
        asynchronous: whether the reset is asynchronous.
        settle: whether it gates its clock.
        pairs: how many pairs of an input and an output that follows it earlier work with the same method found.
        seen: how many of them brute force saw.
        ports: of the wrapper, as `d:width:name`, where `d` is `i` or `o`.
        module: the module below the wrapper, with its parameters.
        headers: folders searched for headers, below the package's data.
        files: below the package's data, in order.
        extra: text of modules that the package leaves to the user.
        quick: whether it compiles fast enough for every run of the tests.
    """

    name: str
    package: str
    clock: str
    reset: str
    active: int
    asynchronous: bool
    settle: bool
    pairs: int
    seen: int
    module: str
    ports: str
    headers: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    extra: str = ""
    quick: bool = False

    def root(self) -> Path:
        """The folder with the package's sources."""
        spec = importlib.util.find_spec(self.package)
        assert spec is not None, f"the Python package {self.package} is missing"
        assert spec.origin is not None
        folder = Path(spec.origin).parent
        return next(p for p in (folder / "system_verilog", folder / "verilog") if p.is_dir())

    def wrapper(self) -> str:
        """The module `cpu` with nothing but ports."""
        declared, connected = [], []
        for port in self.ports.split():
            side, width, name = port.split(":")
            bits = f"[{int(width) - 1}:0] " if width != "1" else ""
            declared.append(f"{'input' if side == 'i' else 'output'} logic {bits}{name}")
            connected.append(f".{name}({name})")
        return f"module cpu({', '.join(declared)});\n  {self.module} u({', '.join(connected)});\nendmodule\n"

    def paths(self) -> list[Path]:
        """The source files in order; a file name may have one `*`."""
        root, out = self.root(), []
        for pattern in self.files:
            drop = pattern.partition("!")[2].split("|") if "!" in pattern else []
            found = sorted(root.glob(pattern.partition("!")[0]))
            assert found, f"{pattern} matches nothing below {root}"
            out += [p for p in found if not any(d in p.name for d in drop)]
        return list(dict.fromkeys(out))

    def include_dirs(self) -> list[str]:
        """The folders with headers."""
        return [str(self.root() / h) for h in self.headers]

    def units(self) -> Sequence[UnitSources]:
        """The core, its wrapper and the user's modules as one compilation unit."""
        texts = [SourceText("wrapper.sv", (self.extra + self.wrapper()).encode())]
        texts += [SourceText(str(p), p.read_bytes()) for p in self.paths()]
        return [UnitSources((*texts[1:], texts[0]), tuple(self.include_dirs()), ())]


_PRIM = "vendor/lowrisc_ip/ip/prim/rtl"
_GENERIC = "vendor/lowrisc_ip/ip/prim_generic/rtl"

CORES = [
    Core(
        "picorv32",
        "pythondata_cpu_picorv32",
        "clk",
        "resetn",
        0,
        False,
        False,
        6,
        6,
        "picorv32 #(.ENABLE_COUNTERS(1), .BARREL_SHIFTER(1), .ENABLE_FAST_MUL(1), .ENABLE_DIV(1), .COMPRESSED_ISA(1), "
        ".STACKADDR(32'h800))",
        """i:1:clk i:1:resetn o:1:trap o:1:mem_valid o:1:mem_instr i:1:mem_ready o:32:mem_addr o:32:mem_wdata
        o:4:mem_wstrb i:32:mem_rdata o:1:mem_la_read o:1:mem_la_write o:32:mem_la_addr o:32:mem_la_wdata
        o:4:mem_la_wstrb o:1:pcpi_valid o:32:pcpi_insn o:32:pcpi_rs1 o:32:pcpi_rs2 i:1:pcpi_wr i:32:pcpi_rd
        i:1:pcpi_wait i:1:pcpi_ready i:32:irq o:32:eoi o:1:trace_valid o:36:trace_data""",
        files=("picorv32.v",),
        quick=True,
    ),
    Core(
        "serv",
        "pythondata_cpu_serv",
        "clk",
        "i_rst",
        1,
        False,
        False,
        1,
        1,
        "serv_rf_top",
        """i:1:clk i:1:i_rst i:1:i_timer_irq o:32:o_ibus_adr o:1:o_ibus_cyc i:32:i_ibus_rdt i:1:i_ibus_ack
        o:32:o_dbus_adr o:32:o_dbus_dat o:4:o_dbus_sel o:1:o_dbus_we o:1:o_dbus_cyc i:32:i_dbus_rdt i:1:i_dbus_ack
        o:32:o_ext_rs1 o:32:o_ext_rs2 o:3:o_ext_funct3 i:32:i_ext_rd i:1:i_ext_ready o:1:o_mdu_valid""",
        files=("rtl/*.v!synth",),
        quick=True,
    ),
    Core(
        "ibex",
        "pythondata_cpu_ibex",
        "clk_i",
        "rst_ni",
        0,
        True,
        True,
        26,
        18,
        "ibex_top",
        """i:1:clk_i i:1:rst_ni i:1:test_en_i i:10:ram_cfg_i i:32:hart_id_i i:32:boot_addr_i o:1:instr_req_o
        i:1:instr_gnt_i i:1:instr_rvalid_i o:32:instr_addr_o i:32:instr_rdata_i i:7:instr_rdata_intg_i i:1:instr_err_i
        o:1:data_req_o i:1:data_gnt_i i:1:data_rvalid_i o:1:data_we_o o:4:data_be_o o:32:data_addr_o o:32:data_wdata_o
        o:7:data_wdata_intg_o i:32:data_rdata_i i:7:data_rdata_intg_i i:1:data_err_i i:1:irq_software_i
        i:1:irq_timer_i i:1:irq_external_i i:15:irq_fast_i i:1:irq_nm_i i:1:scramble_key_valid_i i:128:scramble_key_i
        i:64:scramble_nonce_i o:1:scramble_req_o i:1:debug_req_i o:160:crash_dump_o o:1:double_fault_seen_o
        i:4:fetch_enable_i o:1:alert_minor_o o:1:alert_major_internal_o o:1:alert_major_bus_o o:1:core_sleep_o
        i:1:scan_rst_ni""",
        headers=(_PRIM, "vendor/lowrisc_ip/dv/sv/dv_utils"),
        files=(
            f"{_PRIM}/prim_secded_pkg.sv",
            f"{_PRIM}/prim_mubi_pkg.sv",
            f"{_PRIM}/prim_ram_1p_pkg.sv",
            f"{_PRIM}/prim_cipher_pkg.sv",
            f"{_PRIM}/prim_util_pkg.sv",
            "rtl/ibex_pkg.sv",
            "rtl/*.sv!_pkg|tracer|tracing|fpga|latch|lockstep|icache|branch_predict",
            f"{_GENERIC}/prim_generic_buf.sv",
            f"{_GENERIC}/prim_generic_flop.sv",
            f"{_GENERIC}/prim_generic_clock_mux2.sv",
            f"{_PRIM}/prim_lfsr.sv",
            f"{_PRIM}/prim_onehot_check.sv",
            f"{_PRIM}/prim_onehot_mux.sv",
            f"{_PRIM}/prim_onehot_enc.sv",
            f"{_PRIM}/prim_secded_inv_39_32_enc.sv",
            f"{_PRIM}/prim_secded_inv_39_32_dec.sv",
        ),
        extra=IBEX_PRIMITIVES,
    ),
    Core(
        "cv32e40p",
        "pythondata_cpu_cv32e40p",
        "clk_i",
        "rst_ni",
        0,
        True,
        True,
        9,
        9,
        "cv32e40p_top",
        """i:1:clk_i i:1:rst_ni i:1:pulp_clock_en_i i:1:scan_cg_en_i i:32:boot_addr_i i:32:mtvec_addr_i
        i:32:dm_halt_addr_i i:32:hart_id_i i:32:dm_exception_addr_i o:1:instr_req_o i:1:instr_gnt_i i:1:instr_rvalid_i
        o:32:instr_addr_o i:32:instr_rdata_i o:1:data_req_o i:1:data_gnt_i i:1:data_rvalid_i o:1:data_we_o
        o:4:data_be_o o:32:data_addr_o o:32:data_wdata_o i:32:data_rdata_i i:32:irq_i o:1:irq_ack_o o:5:irq_id_o
        i:1:debug_req_i o:1:debug_havereset_o o:1:debug_running_o o:1:debug_halted_o i:1:fetch_enable_i
        o:1:core_sleep_o""",
        headers=("rtl/include",),
        files=(
            "rtl/include/cv32e40p_apu_core_pkg.sv",
            "rtl/include/cv32e40p_fpu_pkg.sv",
            "rtl/include/cv32e40p_pkg.sv",
            "rtl/cv32e40p_*.sv!latch|fp_wrapper|tb_wrapper",
        ),
        extra=CV32E40P_GATE,
    ),
]
