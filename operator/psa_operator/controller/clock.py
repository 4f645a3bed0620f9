"""Cron in a time zone, as a CronJob understands it.

A library reads the expression and counts in local time; what the clocks of a zone do to it is decided here:
a local time that does not exist is left out, one that comes twice is there twice.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from psa_operator.api.clock import MaintenanceWindow
from psa_operator.errors import ConfigurationError

_NAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_LEAP = timedelta(hours=3)
"""More than any clock is put back at once."""


class Cron:
    """The moments of a cron expression in a time zone. Raises ConfigurationError if it has no meaning."""

    def __init__(self, schedule: str, time_zone: str) -> None:
        self._expression = _NAMES.get(schedule, schedule)
        try:
            self._zone = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ConfigurationError(
                f'timeZone "{time_zone}" is unknown: write a name of the IANA time zone database like '
                "Europe/Berlin",
                reason="InvalidTimeZone",
            ) from None
        try:
            self.words = CronSim(self._expression, datetime(2000, 1, 1)).explain()  # noqa: DTZ001 - local time
        except CronSimError as error:
            raise ConfigurationError(
                f'schedule "{schedule}" cannot be read ({error}): write five cron fields like "0 3 1 * *"',
                reason="InvalidSchedule",
            ) from None

    def after(self, moment: datetime) -> datetime:
        """The first moment later than `moment`."""
        local = self._local(moment) - _LEAP
        return self._nearest(
            CronSim(self._expression, local),
            lambda found: found > moment,
            lambda found, best: found < best,
            lambda naive, best: naive > self._local(best) + _LEAP,
        )

    def at_or_before(self, moment: datetime) -> datetime:
        """The last moment that is not later than `moment`."""
        local = self._local(moment) + _LEAP
        return self._nearest(
            CronSim(self._expression, local, reverse=True),
            lambda found: found <= moment,
            lambda found, best: found > best,
            lambda naive, best: naive < self._local(best) - _LEAP,
        )

    def _nearest(
        self,
        candidates: Iterable[datetime],
        fits: Callable[[datetime], bool],
        better: Callable[[datetime, datetime], bool],
        beyond: Callable[[datetime, datetime], bool],
    ) -> datetime:
        best: datetime | None = None
        for naive in candidates:
            if best is not None and beyond(naive, best):
                break
            for found in self._instants(naive):
                if fits(found) and (best is None or better(found, best)):
                    best = found
        if best is None:
            raise AssertionError("the library refuses what never comes")
        return best

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone).replace(tzinfo=None)

    def _instants(self, naive: datetime) -> Iterator[datetime]:
        """None where clocks go forward over it, two where they are put back over it."""
        every = {naive.replace(tzinfo=self._zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
        return (instant for instant in every if self._local(instant) == naive)


def windows_problem(windows: Sequence[MaintenanceWindow]) -> ConfigurationError | None:
    """What is wrong with one of the windows that the API server could not refuse."""
    for number, window in enumerate(windows):
        try:
            Cron(window.schedule, window.time_zone)
        except ConfigurationError as error:
            return ConfigurationError(f"spec.maintenanceWindows[{number}]: {error}", reason=error.reason)
    return None


@dataclass(frozen=True)
class Windows:
    """Until when one of the windows is open, None if none is, and when the next one opens."""

    open_until: datetime | None
    opens_at: datetime


def look_at(windows: Sequence[MaintenanceWindow], now: datetime) -> Windows:
    """Where `now` is among at least one window, of which `windows_problem` knows nothing bad."""
    crons = [(Cron(each.schedule, each.time_zone), each.duration) for each in windows]
    ends = [cron.at_or_before(now) + duration for cron, duration in crons]
    return Windows(
        open_until=max((end for end in ends if end > now), default=None),
        opens_at=min(cron.after(now) for cron, _ in crons),
    )
