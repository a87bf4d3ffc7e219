"""What a server does between being told to stop and being gone."""

import asyncio

from realtime import farewell
from realtime.hub import Hub

LEAVING = 0.5  # seconds for the last frames to leave


async def say_goodbye() -> None:
    """Tell every socket that this is a restart and not a fault. Call when nobody new can come in any more."""
    farewell.begin()
    hub = Hub.running()
    if hub is not None:
        await hub.close()
        await asyncio.sleep(LEAVING)
