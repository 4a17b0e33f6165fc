"""Real cores from packages of the index, and SoCs that run random instructions on them."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from random import Random

from hdl_py.sv.ports import Direction, Module


@dataclass(frozen=True)
class Core:
    """A core from a package of the index."""

    package: str
    top: str
    bus: str
    clock: str
    reset: str
    low: bool
    files: tuple[str, ...]
    include: tuple[str, ...] = ()
    parameters: str = ""
    constants: tuple[tuple[str, str], ...] = ()
    random: tuple[str, ...] = ()
    local: str = ""
    system: bool = False
    boot: int = 0


_GATE = """ logic held; always_latch if (!clk_i) held = en_i | OTHER; assign clk_o = clk_i & held; endmodule
"""
_IBEX_PRIMS = (
    "module prim_buf #(parameter int Width = 1)(input [Width-1:0] in_i, output logic [Width-1:0] out_o);"
    " assign out_o = in_i; endmodule\n"
    "module prim_flop #(parameter int Width = 1, parameter logic [Width-1:0] ResetValue = 0)(input clk_i, rst_ni,"
    " input [Width-1:0] d_i, output logic [Width-1:0] q_o);"
    " always_ff @(posedge clk_i or negedge rst_ni) if (!rst_ni) q_o <= ResetValue; else q_o <= d_i; endmodule\n"
    "module prim_clock_mux2 #(parameter bit NoFpgaBufG = 0)(input clk0_i, clk1_i, sel_i, output logic clk_o);"
    " assign clk_o = sel_i ? clk1_i : clk0_i; endmodule\n"
    "module prim_clock_gating #(parameter bit NoFpgaGate = 0, FpgaBufGlobal = 1)"
    "(input clk_i, en_i, test_en_i, output logic clk_o);" + _GATE.replace("OTHER", "test_en_i")
)
_LOWRISC = "vendor/lowrisc_ip/ip/prim/rtl"
_CV = (
    "if_stage", "cs_registers", "register_file_ff", "load_store_unit", "id_stage", "aligner", "decoder",
    "compressed_decoder", "fifo", "prefetch_buffer", "hwloop_regs", "mult", "int_controller", "ex_stage",
    "alu_div", "alu", "ff_one", "popcnt", "apu_disp", "controller", "obi_interface", "prefetch_controller",
    "sleep_unit", "core", "top",
)  # fmt: skip
CORES = {
    "picorv32": Core(
        "pythondata_cpu_picorv32/verilog", "picorv32", "pico", "clk", "resetn", True, ("picorv32.v",),
        parameters="#(.BARREL_SHIFTER(1), .ENABLE_FAST_MUL(1), .ENABLE_DIV(1), .COMPRESSED_ISA(1))",
    ),
    "serv": Core(
        "pythondata_cpu_serv/verilog/rtl", "serv_rf_top", "wishbone", "clk", "i_rst", False,
        ("serv_[!s]*.v", "serv_state.v", "serv_top.v"),
    ),
    "ibex": Core(
        "pythondata_cpu_ibex/system_verilog", "ibex_top", "obi", "clk_i", "rst_ni", True,
        (
            *(f"{_LOWRISC}/prim_{p}_pkg.sv" for p in ("secded", "mubi", "ram_1p", "cipher", "util")),
            "rtl/ibex_pkg.sv", "rtl/ibex_[!p]*.sv", "rtl/ibex_pmp*.sv", "rtl/ibex_prefetch_buffer.sv",
            *(f"{_LOWRISC}/prim_onehot_{p}.sv" for p in ("check", "mux", "enc")),
            *(f"{_LOWRISC}/prim_secded_inv_39_32_{p}.sv" for p in ("enc", "dec")),
        ),
        (_LOWRISC, "vendor/lowrisc_ip/dv/sv/dv_utils"),
        constants=(("fetch_enable_i", "4'b0101"), ("scan_rst_ni", "1'b1")),
        random=("irq_software_i", "irq_timer_i", "irq_external_i"), local=_IBEX_PRIMS, system=True, boot=0x80,
    ),
    "cv32e40p": Core(
        "pythondata_cpu_cv32e40p/system_verilog", "cv32e40p_top", "obi", "clk_i", "rst_ni", True,
        (*(f"rtl/include/cv32e40p_{p}_pkg.sv" for p in ("apu_core", "fpu")), "rtl/include/cv32e40p_pkg.sv",
         *(f"rtl/cv32e40p_{name}.sv" for name in _CV)),
        ("rtl/include",), constants=(("fetch_enable_i", "1'b1"), ("boot_addr_i", "32'h80")),
        random=("irq_i",),
        local="module cv32e40p_clock_gate(input logic clk_i, en_i, scan_cg_en_i, output logic clk_o);"
        + _GATE.replace("OTHER", "scan_cg_en_i"),
        system=True, boot=0x80,
    ),
}  # fmt: skip
_SKIP = ("tracer", "tracing", "fpga", "_latch", "lockstep", "icache", "dummy", "branch_predict", "synth")
DEFINES = ("SYNTHESIS", "DV_FCOV_DISABLE", "DV_FCOV_DISABLE_CP")


def program(core: Core) -> list[int]:
    """Words of an endless loop of random instructions, with interrupts enabled where the core has them."""
    random = Random(7)
    nop, mret, wfi = 0x13, 0x30200073, 0x10500073
    words = [mret if core.system else nop] * 32
    words += [0x70000113]  # addi x2, x0, 0x700: data lies behind the program
    if core.system:
        words += [0xFFF00193, 0x30419073, 0x30046073]  # x3 = -1; mie = x3; mstatus.MIE = 1
    start = len(words)
    for _ in range(300):
        d, a, b = (random.randrange(3, 16) for _ in "dab")
        kind = random.randrange(8)
        offset = random.randrange(-200, 200) * 4
        if kind < 3:
            seven = random.choice([0, 0x20]) if (three := random.randrange(8)) in (0, 5) else 0
            words.append(seven << 25 | b << 20 | a << 15 | three << 12 | d << 7 | 0x33)
        elif kind < 5:
            words.append((random.randrange(4096) << 20) | a << 15 | random.choice([0, 4, 6, 7]) << 12 | d << 7 | 0x13)
        elif kind == 5:
            words.append((abs(offset) & 0xFFF) << 20 | 2 << 15 | 2 << 12 | d << 7 | 0x03)
        elif kind == 6:
            o = abs(offset) & 0xFFF
            words.append((o >> 5) << 25 | b << 20 | 2 << 15 | 2 << 12 | (o & 31) << 7 | 0x23)
        else:
            words.append(b << 20 | a << 15 | random.choice([0, 1, 4, 6]) << 12 | 8 << 7 | 0x63)
        if core.system and random.randrange(60) == 0:
            words.append(wfi)
    words += [nop, nop]
    back = (start - len(words)) * 4
    words.append(
        (back >> 20 & 1) << 31 | (back >> 1 & 0x3FF) << 21 | (back >> 11 & 1) << 20 | (back >> 12 & 0xFF) << 12 | 0x6F
    )
    return words


_STORE = "for (int k = 0; k < 4; k++) if ({strobe}[k]) mem[{address}[11:2]][8*k+:8] <= {data}[8*k+:8];"
_BUS = {
    "pico": "always @(posedge clk) begin mem_ready <= 0; if (mem_valid & !mem_ready & (lf[0] | lf[3])) begin"
    " mem_ready <= 1; mem_rdata <= mem[mem_addr[11:2]]; "
    + _STORE.format(strobe="mem_wstrb", address="mem_addr", data="mem_wdata") + " end end",
    "wishbone": "always @(posedge clk) begin i_ibus_ack <= 0; i_dbus_ack <= 0;"
    " if (o_ibus_cyc & !i_ibus_ack & (lf[0] | lf[3])) begin i_ibus_ack <= 1; i_ibus_rdt <= mem[o_ibus_adr[11:2]]; end"
    " if (o_dbus_cyc & !i_dbus_ack & (lf[1] | lf[3])) begin i_dbus_ack <= 1; i_dbus_rdt <= mem[o_dbus_adr[11:2]];"
    " if (o_dbus_we) begin " + _STORE.format(strobe="o_dbus_sel", address="o_dbus_adr", data="o_dbus_dat")
    + " end end end",
    "obi": "assign instr_gnt_i = instr_req_o & (lf[0] | lf[3] | lf[6]);"
    " assign data_gnt_i = data_req_o & (lf[1] | lf[4]);"
    " always @(posedge clk or negedge rst_n) if (!rst_n) begin instr_rvalid_i <= 0; data_rvalid_i <= 0; end else begin"
    " instr_rvalid_i <= instr_gnt_i; data_rvalid_i <= data_gnt_i;"
    " if (instr_gnt_i) instr_rdata_i <= mem[instr_addr_o[11:2]];"
    " if (data_gnt_i) begin data_rdata_i <= mem[data_addr_o[11:2]]; if (data_we_o) begin "
    + _STORE.format(strobe="data_be_o", address="data_addr_o", data="data_wdata_o") + " end end end",
}  # fmt: skip
_DRIVEN = "mem_ready mem_rdata i_ibus_ack i_ibus_rdt i_dbus_ack i_dbus_rdt instr_gnt_i instr_rvalid_i instr_rdata_i "
_DRIVEN += "data_gnt_i data_rvalid_i data_rdata_i"


def soc(core: Core, module: Module, words: list[int]) -> str:
    """The SoC: `copies` nodes of a core with its memory."""
    lines = [
        "module node #(parameter int ID = 0, RAW = 0)(input logic clk, rst_n, noise, output logic [31:0] now);",
        # Interrupts come from a register, as in any SoC; or straight from outside, at any time, to compare.
        "  logic held; always @(posedge clk) held <= noise; wire any = RAW ? noise : held;",
        "  logic [31:0] mem[1024]; logic [31:0] lf;",
        f"  initial begin for (int k = 0; k < 1024; k++) mem[k] = k * 32'h9e3779b9 ^ ID;"
        f" {' '.join(f'mem[{k}] = 32' + chr(39) + f'h{w:08x};' for k, w in enumerate(words))} end",
        "  always @(posedge clk) lf <= rst_n ? {lf[30:0], lf[31] ^ lf[21] ^ lf[1] ^ lf[0]} : 32'h1234567 + ID;",
    ]
    driven, constants, seen, connections = _DRIVEN.split(), dict(core.constants), [], []
    for port in module.ports:
        width = port.type.width  # type: ignore[union-attr]
        if port.direction is Direction.OUTPUT:
            lines.append(f"  logic [{width - 1}:0] {port.name};")
            seen += [f"{port.name}[{min(k + 32, width) - 1}:{k}]" for k in range(0, width, 32)]
        if port.name in driven:
            lines.append(f"  logic [{width - 1}:0] {port.name};")
        value = port.name
        if port.name == core.clock:
            value = "clk"
        elif port.name == core.reset:
            value = "rst_n" if core.low else "~rst_n"
        elif port.name in constants:
            value = constants[port.name]
        elif port.name in core.random:
            value = f"{width}'(any & lf[9] & lf[13] & lf[17] ? lf : 0)"
        elif port.direction is Direction.INPUT and port.name not in driven:
            value = f"{width}'d0"
        connections.append(f".{port.name}({value})")
    folded = " ^ ".join(f"{{32'({text}) << {k % 13}}}" for k, text in enumerate(seen))
    lines += [f"  cpu u({', '.join(connections)});", "  " + _BUS[core.bus], f"  assign now = {folded};", "endmodule"]
    lines += [
        "module soc #(parameter int K = 1, RAW = 0)(input logic clk, rst_n, noise,",
        " output logic [31:0] now, output logic [31:0] chk);",
        "  logic [31:0] n[K]; for (genvar i = 0; i < K; i++) begin : g node #(i, RAW) x(clk, rst_n, noise, n[i]); end",
        "  always_comb begin now = 0; for (int i = 0; i < K; i++) now = {now[28:0], now[31:29]} ^ n[i]; end",
        "  always @(posedge clk) chk <= {chk[30:0], chk[31]} ^ now;",
        "endmodule",
    ]
    return "\n".join(lines) + "\n"


def paths(core: Core) -> tuple[list[str], list[str]]:
    """A core's files and the folders of its headers."""
    spec = importlib.util.find_spec(core.package.split("/")[0])
    assert spec is not None, f"pip install {core.package.split('/')[0]}"
    assert spec.submodule_search_locations
    root = Path(next(iter(spec.submodule_search_locations))).parent / core.package
    found: list[str] = []
    for pattern in core.files:
        for path in sorted(root.glob(pattern)):
            if str(path) not in found and not any(part in path.name for part in _SKIP):
                found.append(str(path))
    return found, [str(root / folder) for folder in core.include]
