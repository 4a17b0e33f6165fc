"""The one error of the provisioner: what is missing, and what mends it."""

from __future__ import annotations


class ProvisionError(Exception):
    """Bazel can't be provided here.

    Attributes:
        message: what was found, and what was expected.
        fix: the command or edit that mends it; empty where the message says it.
    """

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix

    def render(self) -> str:
        """The text for people, every line but the first indented."""
        lines = f"bazelw: error: {self.message}".splitlines() + self.fix.splitlines()
        return "\n    ".join(lines)
