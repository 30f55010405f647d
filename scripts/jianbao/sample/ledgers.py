"""All ledgers of the sample office: those of single days, and those that run on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from jianbao.sample import ledgers_logs as logs
from jianbao.sample import ledgers_people as people
from jianbao.sample import ledgers_plans as plans
from jianbao.sample.school import School


def ledger_files(school: School, days: Sequence[date], weeks: Sequence[Sequence[date]]) -> Iterator[tuple[str, bytes]]:
    """Yield the path and bytes of every ledger. What runs on holds the days to come too, and says the same whatever days are asked."""
    yield from people.survey_files(school)
    yield from people.plan_files(school)
    yield from people.isolation_files(school, days)
    yield from people.dorm_files(school, days)
    yield from people.career_files(school)
    yield from logs.visitor_files(school, days)
    yield from logs.supply_files(school, days)
    yield from logs.disinfection_files(school, days)
    yield from logs.hotline_files(school, days)
    yield from logs.outreach_files(days)
    yield from logs.drill_files()
    yield from logs.opinion_files(school)
    yield plans.duty_file(school)
    yield from plans.meeting_files(school)
    yield from plans.paper_files(school, days)
    yield plans.organisation_file(school)
    yield plans.readiness_file(school)
    yield from plans.weekly_files(school, weeks)
