"""Source text as bytes: positions, spans and splices that keep every other byte."""
