"""The demo from its first to its last line: whatever happens, nothing is left behind."""

import asyncio
import signal

from psa_operator.demo.hold import hold
from psa_operator.demo.narrator import Narrator
from psa_operator.demo.operator_process import run_operator_process
from psa_operator.demo.site import run_site
from psa_operator.demo.story import Story
from psa_operator.errors import PsaOperatorError

INTERRUPTED = 130


def run_demo(*, held: bool) -> int:
    """Tell the whole story; `held`: keep everything up until Ctrl-C. Returns the exit code."""
    narrator = Narrator.on_stdout()
    try:
        asyncio.run(_demo(narrator, held=held))
    except (KeyboardInterrupt, asyncio.CancelledError):
        narrator.end("Stopped. Everything that the demo had started is gone.", well=False)
        return INTERRUPTED
    except (PsaOperatorError, OSError, TimeoutError) as error:
        narrator.end(f"The demo cannot go on: {error or 'it took too long'}", well=False)
        return 1
    narrator.end("That was it. Everything that the demo had started is gone again.", well=True)
    return 0


async def _demo(narrator: Narrator, *, held: bool) -> None:
    task = asyncio.current_task()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if task is not None:
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    narrator.say(
        "psa-operator keeps a PostgreSQL copy of the tickets of a PSA. This is the main job, live: all is "
        "real but the PSA, which is a simulation. It takes two to three minutes. At the end, or on "
        "Ctrl-C, everything is taken down."
    )
    narrator.chapter("Start what it works with")
    async with run_site(narrator) as site:
        story = Story(site, narrator)
        await story.install()
        async with run_operator_process(site.control_plane, site.sandbox, site.dsn):
            await story.tell()
            if held:
                await hold(site, narrator)
