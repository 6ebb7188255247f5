"""A value as text: one way for the draft of a folder and for the import, which must find the same codes.

A whole number whose size is below 2^53 has no fraction (`1`, not `1.0`). Above it a float no longer tells
whole numbers apart: it stays as the database writes it (`1e+16`), which is also how Python does.
"""

from __future__ import annotations

from ens_dash.respondents import FRACTIONS, identifier

EXACT = 2**53


def value_sql(column: str, kind: str) -> str:
    """SQL: the column's value as text, NULL for an empty text and for NaN. `kind`: its DuckDB type; DOUBLE
    may stand for any type of numbers."""
    name, base = identifier(column), kind.partition("(")[0]
    if base == "VARCHAR":
        return f"nullif({name}, '')"
    if base in FRACTIONS:
        # not abs(): the lowest whole number of a type has none
        whole = f"{name} = trunc({name}) AND {name} > -{EXACT} AND {name} < {EXACT}"
        return (
            f"CASE WHEN {whole} THEN {name}::BIGINT::VARCHAR WHEN NOT isnan({name}) THEN {name}::VARCHAR END"
        )
    return f"{name}::VARCHAR"


def number_text(number: float) -> str:
    """A number as `value_sql` writes it."""
    number = float(number)
    return str(int(number)) if number.is_integer() and abs(number) < EXACT else repr(number)
