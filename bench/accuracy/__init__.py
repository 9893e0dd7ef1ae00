"""
How often the published results name the true cause of failures that others recorded.

Only `labels.py` reads the truth, and only `scorer.py`, `calibration.py` and what prints wrong cases are handed it.
"""
