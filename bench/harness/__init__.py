"""The whole-job comparison: what the jobs are, which systems run them, how a run is measured, checked and reported."""
