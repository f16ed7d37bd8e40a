"""Programs of systems outside, which run beside a test with nothing but what they were told."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager


@asynccontextmanager
async def running_program(*argv: str, told: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """The program runs with this environment and no other, and is killed at the end."""
    surroundings = {"PATH": os.environ["PATH"], **told}
    process = await asyncio.create_subprocess_exec(*argv, env=surroundings, stdout=asyncio.subprocess.PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
