"""`python -m psa_operator` is `psa-operator`."""

from psa_operator.cli import main

main()
