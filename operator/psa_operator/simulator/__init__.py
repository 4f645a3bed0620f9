"""The outside world to run against: a PSA server over HTTP and the small MSP that lives in it.

It imports nothing of ours, so that it cannot share our mistakes.
"""

from psa_operator.simulator.server import simulate_connectwise

__all__ = ["simulate_connectwise"]
