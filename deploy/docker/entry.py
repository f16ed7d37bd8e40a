"""The first process of an image: the package that SUMMIT_PACKAGE names, run as `python -m` would."""

import os
import runpy
import signal
import sys

# The kernel gives the first process of a container no default for SIGTERM: until the service has its own, this is it.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
# Beside this file lie installed packages, which PYTHONPATH names; the folder needs to be searched but once.
sys.path.pop(0)
runpy.run_module(os.environ["SUMMIT_PACKAGE"], run_name="__main__", alter_sys=True)
