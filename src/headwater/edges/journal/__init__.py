"""
The journal edge: units of systemd that a node stands on, failing or coming back, from `journalctl -o json`.

entries.py reads a line, units.py decides what it means, source.py follows the journal or reads a file.
"""
