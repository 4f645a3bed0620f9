"""The whole simulated outside world of one PSA account: its data, its rules, its troubles, its visitors."""

import msgspec

from psa_operator.simulator.clock import Clock
from psa_operator.simulator.connectwise import life
from psa_operator.simulator.connectwise.api import ConnectWise, settings_from
from psa_operator.simulator.connectwise.founding import Size, found
from psa_operator.simulator.connectwise.settings import Settings
from psa_operator.simulator.faults import Faults
from psa_operator.simulator.traffic import Traffic


class World:
    """Made from a seed, a size and first settings, to which `reset` returns."""

    def __init__(self, seed: int, size: Size, settings: Settings, origin: str) -> None:
        self._seed, self._size, self._origin = seed, size, origin
        self._first_settings = settings
        self.traffic = Traffic()
        self.reset()

    def reset(self) -> None:
        """Everything as at the start."""
        self.settings = msgspec.structs.replace(self._first_settings)
        self.faults = Faults(self._seed)
        site = f"{self._origin}/{self.settings.codebase}"
        self.msp = found(self._seed, self._size, Clock(), site)
        self.api = ConnectWise(self.msp, self.settings)
        self._apply()
        self.traffic.reset()

    def set(self, body: bytes) -> Settings:
        """Change the settings named in a JSON object."""
        self.settings = settings_from(body, self.settings)
        self._apply()
        return self.settings

    def happen(self) -> None:
        """One change in the life of the MSP."""
        life.happen(self.msp)

    def _apply(self) -> None:
        self.api.settings = self.settings
        self.msp.clock.skew = self.settings.clock_skew
        self.msp.visibility_delay = self.settings.visibility_delay
        switches = {
            "notes": self.settings.notes_touch_tickets,
            "timeEntries": self.settings.time_entries_touch_tickets,
        }
        self.msp.touching = frozenset(entity for entity, on in switches.items() if on)
