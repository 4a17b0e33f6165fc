"""Crates around Verilated modules: models of them, names, generated sources, manifests."""
