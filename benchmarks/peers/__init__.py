"""What somebody could use instead: each peer gets the same facts and the same weighted sum, in a process of its own.

A peer reads facts (`facts.py`) and writes an answer (`talk.py`); `benchmarks.compare` runs and judges them all.
"""
