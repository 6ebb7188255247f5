"""The audit of a running site, in a real browser: `python -m ens_dash audit`."""
