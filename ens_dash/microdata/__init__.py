"""A survey file (.sav, .dta, .csv, .parquet) -> a drafted survey folder, or a release of a folder."""
