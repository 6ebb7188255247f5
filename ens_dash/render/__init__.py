"""Figures and a language -> something to look at. No rendering computes."""
