"""The main job, live, on this machine: `make demo`."""

from psa_operator.demo.run import run_demo

__all__ = ["run_demo"]
