"""Commands of the command line (`ens_dash.cli`), and what they share."""
