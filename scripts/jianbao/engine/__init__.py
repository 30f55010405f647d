"""Who counts: the cores of this machine, or a Dask cluster. The work handed over is the same, and so is the result."""

from jianbao.engine.engine import Engine, open_engine
from jianbao.engine.local import Local

__all__ = ["Engine", "Local", "open_engine"]
