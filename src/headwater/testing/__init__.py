"""Scenarios, simulation and fakes that satisfy the same contracts as the real edges."""
