"""What ledgers say beyond their rows: derived tables, what is wrong in them, and the views made of them."""

from jianbao.ledgers.desk import Desk
from jianbao.ledgers.judge import Judged, judge
from jianbao.ledgers.tracing import Met, Stay, meetings, stays
from jianbao.ledgers.views import MadeView, make_view

__all__ = ["Desk", "Judged", "MadeView", "Met", "Stay", "judge", "make_view", "meetings", "stays"]
