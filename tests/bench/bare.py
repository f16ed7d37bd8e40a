"""The bare page of the portal's benchmark, started by path: `bare.py PORT FILE` serves the file's bytes with Starlette alone."""

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

port, file = int(sys.argv[1]), Path(sys.argv[2])
content = file.read_text(encoding="utf-8")


async def page(_: Request) -> HTMLResponse:
    """The same for everybody."""
    return HTMLResponse(content)


uvicorn.run(Starlette(routes=[Route("/", page)]), port=port, log_level="warning", access_log=False)
