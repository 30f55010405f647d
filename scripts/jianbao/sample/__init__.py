"""The sample office: an invented university's inbox, the same bytes for the same days."""

from jianbao.sample.size import FULL, SAMPLE_DAYS, SMALL, SampleSize
from jianbao.sample.write import write_sample

__all__ = ["FULL", "SAMPLE_DAYS", "SMALL", "SampleSize", "write_sample"]
