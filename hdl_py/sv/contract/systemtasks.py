"""What system tasks, system functions and built-in methods do (IEEE 1800-2023 clauses 20, 21, 18, 7, 6.16).

Each has one kind. What isn't listed is unknown, and treated as such.
"""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


PURE = words(
    """
    $signed $unsigned $bits $size $left $right $high $low $increment $dimensions $unpacked_dimensions
    $typename $isunbounded $clog2 $ln $log10 $exp $sqrt $pow $floor $ceil $sin $cos $tan $asin $acos $atan
    $atan2 $hypot $sinh $cosh $tanh $asinh $acosh $atanh $countbits $countones $onehot $onehot0 $isunknown
    $rtoi $itor $realtobits $bitstoreal $shortrealtobits $bitstoshortreal $sformatf $psprintf and or xor
    sum product min max unique unique_index find find_index find_first find_first_index find_last
    find_last_index map size num exists len getc toupper tolower compare icompare substr atoi atohex
    atooct atobin atoreal name first last next prev
    """
)
"""Results that depend on the arguments alone."""

RUN_CONSTANT = frozenset({"$test$plusargs", "$value$plusargs"})
"""Results that don't change while the simulation runs."""

SAMPLED = frozenset({"$sampled", "$past", "$rose", "$fell", "$stable", "$changed"})
"""Values from before the time step (IEEE 1800-2023 16.9.3)."""

TIME = frozenset({"$time", "$stime", "$realtime"})

OUTPUT = re.compile(
    r"\$(f|)(display|write)[bho]?$|\$(error|warning|info|fatal|finish|stop|exit|fflush|fclose|printtimescale|"
    r"timeformat|showscopes|writememh|writememb|system|showvars|stacktrace)$"
)
"""Tasks that tell the world something and change no variable."""

FORMAT = re.compile(r"\$(swrite[bho]?|sformat|sscanf|cast)$")
"""Tasks that change only their arguments, to what the others say."""

FILE_INPUT = re.compile(r"\$(fopen|fgetc|fgets|fscanf|fread|feof|ferror|ftell|fseek|rewind|ungetc)$")
"""Functions that take part in a file's state."""

LOAD_MEMORY = frozenset({"$readmemh", "$readmemb"})

RANDOM = re.compile(r"\$(random|urandom|urandom_range|dist_\w+)$|(std::)?(randomize|shuffle|srandom|get_randstate)$")
"""What draws random numbers. Verilator restarts the simulation's one sequence at `$random(seed)`."""

DISTRIBUTION = re.compile(r"\$dist_\w+$")
"""What draws from its seed variable alone (IEEE 1800-2023 annex N)."""

WAVES = re.compile(r"\$dump\w+$")

ASSERTION_CONTROL = re.compile(r"\$assert\w+$")

STROBE = re.compile(r"\$f?strobe[bho]?$")

MONITOR = re.compile(r"\$f?monitor(on|off)?[bho]?$")

TIMING_CHECKS = re.compile(
    r"\$(setup|hold|setuphold|recovery|removal|recrem|skew|timeskew|fullskew|width|period|nochange|sdf_annotate)$"
)

CHANGES_FIRST = words(
    """
    push_back push_front insert delete pop_back pop_front sort rsort reverse putc itoa hextoa octtoa
    bintoa realtoa
    """
)
"""Built-in methods that change the object they are called on."""


def changes_first(name: str) -> bool:
    """Whether a call may change its first argument, though the argument is no output."""
    return name in CHANGES_FIRST or RANDOM.match(name) is not None
