"""The correlation system: inputs in, effects out. Pure, and the only owner of mutable state."""
