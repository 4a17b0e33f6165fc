"""The structure of a design file: regions, what they declare, and the syntactic place of each identifier."""
