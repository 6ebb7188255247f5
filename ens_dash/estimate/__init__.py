"""Statistics over sufficient sums: no SQL, no interface, no text.

The reference is R's `survey` package (Lumley); `tests/witnesses/` holds what it computes. One module
for each thing that can be asked of the sums:

- `cells`: the sums themselves and the variance of a linearised statistic;
- `proportion`: proportion and mean with standard error, interval, effective base, design effect;
- `compare`: difference of two domains;
- `crosstab`: association of two variables (Rao-Scott);
- `adjust`: corrections for many tests;
- `reliability`: which figures may be shown.
"""
