"""Causal rules, the attribution flow and confidence. Pure."""
