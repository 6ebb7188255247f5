"""`python -m ens_dash …`"""

from ens_dash.cli import main

main(prog_name="python -m ens_dash")
