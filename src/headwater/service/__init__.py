"""The wiring, the loop, the configuration: everything that awaits."""
