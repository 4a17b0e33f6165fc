"""Contracts by proof: how a module can be driven across a boundary, decided from its elaborated body."""
