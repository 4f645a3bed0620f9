"""`python -m psa_operator.simulator connectwise`: the simulator as a process of its own."""

import argparse

from psa_operator.simulator import simulate_connectwise


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="psa_operator.simulator")
    parser.add_argument("psa", choices=["connectwise"])
    parser.add_argument("--port", type=int, default=0, help="0 means any free port")
    parser.add_argument("--tickets", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--companies", type=int, help="default: one for 50 tickets")
    parser.add_argument("--notes", type=int, help="of each ticket; default: as people write them")
    parser.add_argument("--time-entries", type=int, help="of each ticket; default: as people work")
    parser.add_argument("--change-rate", type=float, default=0.0, help="changes per second")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--visibility-delay", type=float, default=1.0, help="seconds until lists show it")
    options = vars(parser.parse_args())
    del options["psa"]
    simulate_connectwise(**options)


if __name__ == "__main__":
    main()
