"""ens_dash: a public survey explorer in which every number carries its origin."""

__version__ = "0.1.0"
