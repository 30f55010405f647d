"""The main job: pull, read, check, figures, brief, stage, build, check the pages, seal, release.

Run twice, the second does nothing. Stopped anywhere, the old site and record stand and the next run completes it:
everything before the chain's new line can be made again, and everything after it is made from it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from jianbao import briefing, clearing, editions, files, git, release, wording
from jianbao.build import StandingSite, build_site
from jianbao.checks.privacy import People
from jianbao.errors import Blocked, Refused
from jianbao.facts import Facts
from jianbao.messages import _
from jianbao.pipeline.corrections import corrected, is_settled, open_correction, open_corrections
from jianbao.pipeline.deliver import deliver
from jianbao.pipeline.disclose import day_facts
from jianbao.pipeline.draft import Draft, know_briefing
from jianbao.pipeline.gate import PublicPages, gate_people, pass_gate, public_pages, with_earlier_attachments
from jianbao.pipeline.handing import write_alerts
from jianbao.pipeline.internal import seal_internal
from jianbao.pipeline.keys import Keyed, key_path, keyed
from jianbao.pipeline.lists import write_lists
from jianbao.pipeline.lock import alone
from jianbao.pipeline.printing import forget_printed, forget_printed_elsewhere, print_changed
from jianbao.pipeline.standing import Standing, marks_of, next_change, note
from jianbao.pipeline.work import DayWork, work_day
from jianbao.project import Project
from jianbao.record import CHAIN, EDITIONS, PDF, SITE_CHAIN, SITE_MANIFEST, ChainLine, PageState, Record, Removal, site_manifest
from jianbao.site import Edition, Texts, edition_of, search_words, stage, write_tree
from jianbao.values import Code

Step = Callable[[str], None]


@dataclass(slots=True)
class Timings:
    """How long each step took, in the order they were taken."""

    steps: list[tuple[str, float]] = field(default_factory=list)
    _since: float = field(default_factory=time.perf_counter)

    def done(self, step: str) -> None:
        """Note that a step has ended now."""
        now = time.perf_counter()
        self.steps.append((step, now - self._since))
        self._since = now


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What the command asks of a publication; with `full` every page is rendered anew."""

    day: date | None
    as_of: datetime
    signed_by: str = ""
    update: bool = False
    full: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """What a run did. `line` is the new release, None where there was nothing to release; `unprinted` says why there is no PDF."""

    work: DayWork
    line: ChainLine | None
    briefing: str
    changed: tuple[str, ...]
    skipped: tuple[date, ...]
    alerts: Path | None
    target: str
    timings: Timings
    rebuilt: bool
    unprinted: str = ""


def publish(project: Project, options: PublishOptions, step: Step) -> Published:
    """Publish a day.

    Raises Blocked for findings of the gate, Refused where it would change what is issued or nobody signs.
    """
    with alone(project):
        return _Run(project, options, step).publish()


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a release is made of."""

    pages: PublicPages
    states: Mapping[str, PageState]
    changed: Sequence[str]
    facts: Facts | None
    people: People
    removed: Sequence[Removal]
    restated: Mapping[date, Facts]
    keyed: Keyed

    @property
    def sealed_facts(self) -> list[Facts]:
        """The facts that the release seals: its own day's, and those sealed again."""
        return [*([self.facts] if self.facts else []), *self.restated.values()]


@dataclass(slots=True)
class _Run:
    project: Project
    options: PublishOptions
    step: Step
    timings: Timings = field(default_factory=Timings)
    unprinted: str = ""

    def publish(self) -> Published:
        project, before = self.project, marks_of(self.project)
        files.settle_swap(project.site)
        files.settle_swap(project.staged)
        record = Record.open(project.record)
        record.clear_unfinished()
        self._settle(record)
        self.step(_("读取与检查"))
        work = work_day(project, as_of=self.options.as_of, day=self.options.day)
        alerts = write_alerts(work)
        write_lists(work)
        know_briefing(work)
        _refuse_misplaced(work)
        self.timings.done(_("读取与检查"))
        facts = self._brief(work, record)
        contents = self._contents(work, record, facts)
        line = self._release(work, record, contents) if contents.facts or contents.changed else None
        rebuilt = line is None and self._complete(record, work, contents.pages)
        seal_internal(project, work.day, self.options.as_of)
        for path in open_corrections(work, record, contents.pages.documents):
            self._opened(path)
        target = self._deliver()
        skipped = tuple(d for d in work.other_days if d not in record.facts and d <= self.options.as_of.date())
        path = briefing.briefing_path(work.day)
        note(project, self._standing(work, path, skipped, target), before, self._written(contents))
        return Published(work, line, path, tuple(contents.changed), skipped, alerts, target, self.timings, rebuilt, self.unprinted)

    def _standing(self, work: DayWork, path: str, skipped: Sequence[date], target: str) -> Standing:
        asked, as_of = self.options.day.isoformat() if self.options.day else "", self.options.as_of
        days = tuple(d.isoformat() for d in skipped)
        return Standing(work.day.isoformat(), asked, as_of.isoformat(), next_change(work.forms, as_of).isoformat(), path, days, target)

    def _written(self, contents: _Contents) -> Iterator[str]:
        """Yield the pages that this run has written and released as they stand."""
        for path in contents.changed:
            text = files.read_text(self.project.pages / path)
            if files.sha256(text.encode()) == contents.states[path].sha256:
                yield f"site/{path}"

    def _brief(self, work: DayWork, record: Record) -> Facts:
        """Write the day's briefing into site/, and return its facts: those released where nothing has changed."""
        facts, before = day_facts(work), record.facts.get(work.day)
        changes = release.figure_changes(before, facts) if before else []
        if before and not changes:
            return before
        _refuse_earlier(record, self.options.as_of)
        documents = public_pages(self.project, self._known_until(record)).documents
        if before and not self.options.update and is_settled(before, facts, corrected(documents, work.day)):
            return before
        if changes and not self.options.update:
            self._opened(open_correction(work, record, facts))
            told = "\n".join(f"  {c.text}" for c in changes)
            raise Refused(
                _("{day} 已经发布，数据后来有变化：\n{changes}").format(day=work.day, changes=told),
                _("确认后加 --update 再运行：发布新的一版，并注明变化；原来的一版仍可查阅。"),
            )
        self.step(_("写简报"))
        signed = self.options.signed_by or self.project.settings.school.signed_by
        draft = Draft.of(work, record, facts, documents, signed_by=signed, issued=self.options.as_of.date())
        draft.write()
        if not signed:
            raise Refused(
                _("简报写好了，还是草稿：site/{path}。没有签发人，不能发布。").format(path=draft.path),
                _("用 --signed-by 姓名 签发，或在 jianbao.toml 的 [school] 中写 signed_by。"),
            )
        return facts

    def _known_until(self, record: Record) -> date:
        """Return the day of this run, or of the last release where that is later: what it released stays released."""
        released = record.last.as_of.date() if record.last else date.min
        return max(self.options.as_of.date(), released)

    def _opened(self, path: str | None) -> None:
        """Say that a draft correction was opened."""
        if path:
            self.step(_("已写好更正的草稿：site/{path}；签发（jianbao sign）后发布，原简报不动").format(path=path))

    def _contents(self, work: DayWork, record: Record, facts: Facts) -> _Contents:
        found = public_pages(self.project, self._known_until(record)).with_briefings_of({*record.facts, work.day})
        found = with_earlier_attachments(found, record, self.project.pages)
        states = release.page_states(found.documents, found.sources)
        _refuse_silent_changes(record, states, found)
        self.timings.done(_("写简报"))
        fresh = facts if record.facts.get(work.day) != facts else None
        people = gate_people(self.project, work, found.documents, self.options.signed_by)
        on = self.options.as_of.date()
        removed = release.removals(record, found.documents, found.attached, on)
        return _Contents(
            found, states, release.changed_pages(record, states), fresh, people, removed, release.restated(record, removed),
            keyed(self.project, record, on),
        )  # fmt: skip

    def _release(self, work: DayWork, record: Record, contents: _Contents) -> ChainLine:
        """Stage, build, check, seal, and put the new site in its place."""
        _refuse_earlier(record, self.options.as_of)
        project, as_of, number = self.project, self.options.as_of, record.next_number
        edition = edition_of(
            record, settings=project.settings, number=number, moment=as_of, documents=contents.pages.documents, changed=contents.changed,
            facts=contents.sealed_facts, templates=project.templates,
        )  # fmt: skip
        self.step(_("排印文件"))
        printed = print_changed(project, edition)
        self.unprinted = printed.lacking
        edition = replace(edition, printed=printed.forms)
        self.timings.done(_("排印文件"))
        site = self._build(edition, work, contents.pages, whole=self.options.full)
        self.step(_("检查页面"))
        cuts = list(clearing.cuts(project.editions, record, contents.removed, site))
        removed = [*contents.removed, *(cut.removal(contents.removed[0]) for cut in cuts)]
        payload = release.payload(release.Sealing(
            number=number, day=work.day, as_of=as_of, states=contents.states, changed=contents.changed, sources=contents.pages.sources,
            site=site, facts=contents.facts, forms=work.forms, settings=project.settings, snapshots=work.snapshots,
            forms_folder=project.forms, templates=project.templates, removed=removed, printed=printed.forms,
            editions=editions.listed(project.editions) | {f"{c.version}/{c.path}": c.left for c in cuts if c.left is not None},
            documents=contents.pages.documents, site_settings=files.read_bytes(project.root / release.SITE_SETTINGS),
            attached=contents.pages.attached, words=search_words(work.registers.units.units), before=record.last,
            key=contents.keyed.about, restated=contents.restated,
        ))  # fmt: skip
        tree = {f"site/{files.relative(p, site)}": files.read_bytes(p) for p in files.walk(site)}
        tree |= {f"site/{path}": b"" for path in editions.first_pages(project.editions)}  # looked through when they were released
        kept = payload.items()  # less what is the site's, or was looked through with it
        own = {f"record/{k}": v for k, v in kept if not k.endswith((".html", PDF)) and not k.startswith(f"{EDITIONS}/")}
        pass_gate(tree | own, contents.people, passed=record.printed_hashes | printed.pdf_hashes, kept=project.private / "gate.kept")
        self.timings.done(_("检查页面"))
        self.step(_("封存"))
        line = record.seal(
            work.day, payload, release.bag_info(project.settings, number=number, day=work.day, as_of=as_of), contents.keyed.sign
        )
        self._settle(Record.open(project.record))
        if contents.removed:
            forget_printed_elsewhere(project)
        put_in_place(self.project, site)
        self.timings.done(_("封存"))
        return line

    def _settle(self, record: Record) -> None:
        """Take out what a sealed entry says is taken out, of the editions first: what is left of them stands in the bags."""
        clearing.settle(self.project.editions, record)
        record.settle_removals()

    def _build(self, edition: Edition, work: DayWork, found: PublicPages, *, whole: bool) -> Path:
        """Stage and build an edition beside the current one; return the built site."""
        self.step(_("生成网站"))
        site = build_edition(self.project, edition, found, search_words(work.registers.units.units), whole=whole)
        self.timings.done(_("生成网站"))
        return site

    def _complete(self, record: Record, work: DayWork, found: PublicPages) -> bool:
        """Make the site again where it is not that of the last release (a run cut off, a new laptop), or where all is asked for."""
        last, chain = record.last, self.project.site / SITE_CHAIN
        stands = chain.is_file() and files.read_bytes(chain) == files.read_bytes(record.folder / CHAIN)
        if last is None or (stands and not self.options.full):
            return False
        edition = edition_of(
            record, settings=self.project.settings, number=last.line.number, moment=last.as_of,
            documents=found.documents, changed=last.changed, facts=last.sealed_facts, templates=self.project.templates,
        )  # fmt: skip
        edition = replace(edition, printed={path: last.printed(path) for path in last.changed})
        sealed = files.read_text(last.folder / "data" / SITE_MANIFEST)
        for whole in dict.fromkeys((self.options.full, True)):
            site = self._build(edition, work, found, whole=whole)
            if site_manifest(site) == sealed:
                put_in_place(self.project, site)
                return True
        raise Refused(
            _("重新生成的网站与第 {number} 号记录封存的不同").format(number=last.line.number),
            _("程序、模板或设置可能变了；用 jianbao verify 看是哪些文件，改回后再运行。"),
        )

    def _deliver(self) -> str:
        """Commit and hand the site to its target, where there is a repository and a target."""
        project, as_of = self.project, self.options.as_of
        last = Record.open(project.record).last
        if last is None:
            return ""
        if repository := git.Repository.around(project.root):
            title = f"发布第 {last.line.number} 号（{last.line.day}）"
            repository.commit(["site", "record", EDITIONS, ".gitattributes"], title, as_of)
            if project.settings.record.tag:
                key = key_path(project, project.settings.record.key) if project.settings.record.key else None
                repository.tag(f"release-{last.line.number:04d}", f"record/{CHAIN}", message=title, key=key, when=as_of)
        if project.settings.target:
            deliver(project, project.settings.target, as_of)
            self.timings.done(_("送到发布位置"))
        return project.settings.target


def _refuse_misplaced(work: DayWork) -> None:
    """Raise Blocked where the office's own rules do not place everybody in exactly one class."""
    wrong = wording.findings(f for f in work.findings if f.code == Code.NOT_ONE_CLASS)
    if wrong:
        told = "\n".join(f"  forms_schema/{f.file}: {f.message}" for f in wrong)
        raise Blocked(
            _("分类规则有重叠或遗漏，没有发布任何东西：\n{problems}").format(problems=told),
            _("改正 classes 的规则，使每人恰好符合一类；涉及的人见 private/lists/{day}。").format(day=work.day),
        )


def write_draft(project: Project, *, day: date | None, as_of: datetime) -> Path:
    """Write a day's briefing into site/ without publishing anything; an editor's text is kept."""
    with alone(project):
        record = Record.open(project.record)
        work = work_day(project, as_of=as_of, day=day)
        know_briefing(work)
        documents = public_pages(project, as_of.date()).documents
        draft = Draft.of(work, record, day_facts(work), documents, signed_by="", issued=as_of.date())
        draft.write()
        return project.pages / draft.path


def _refuse_earlier(record: Record, as_of: datetime) -> None:
    """Raise Refused where a release would be dated before the one it follows in the chain."""
    last = record.last
    if last and as_of.date() < last.as_of.date():
        raise Refused(
            _("不能把发布的日期写成 {as_of}：第 {number} 号记录已在 {last} 发布，新的发布不能早于它").format(
                as_of=as_of.date(), number=last.line.number, last=last.as_of.date()
            ),
            _("用 {last} 或以后的 --as-of 再运行，或不写 --as-of。").format(last=last.as_of.date()),
        )


def _refuse_silent_changes(record: Record, states: Mapping[str, PageState], found: PublicPages) -> None:
    if silent := release.unexplained(record, states, {d.path: d for d in found.documents}, found.sources):
        told = "\n".join(f"  site/{p}" for p in silent)
        raise Refused(
            _("已发布的页面被改动或删除，没有说明：\n{pages}").format(pages=told),
            _("改动请在页面说明区 changes 加一条 date 和 note；不再有效请写 status: withdrawn 和 reason，不要删除。"),
        )


def put_in_place(project: Project, site: Path) -> None:
    """Put a tree just built, and its staged pages, in the place of those before; the site gets the chain's newest copy."""
    forget_printed(project)  # before the site stands: a run cut off here is completed, and comes by again
    files.write_bytes(site / SITE_CHAIN, files.read_bytes(project.record / CHAIN))
    editions.put_into(site, project.editions, project.settings)
    files.swap_folder(_beside(project.staged), project.staged)
    files.swap_folder(site, project.site)


def _beside(folder: Path) -> Path:
    return folder.with_name(folder.name + ".new")


def build_edition(project: Project, edition: Edition, found: PublicPages, words: str, *, whole: bool = False) -> Path:
    """Stage an edition and build it, both beside what stands now; return the built site.

    With `whole` every page is rendered, else only those that what stands now does not already have.
    """
    docs, site = _beside(project.staged), files.empty_folder(_beside(project.site))
    kept = project.build / "public" / "texts.kept"
    texts = Texts.open(None if whole else kept, edition.templates)
    write_tree(docs, stage(replace(edition, texts=texts), found.attached), standing=project.staged)
    texts.write(kept)
    files.write_text(project.build / "public" / "words.txt", words, lasting=False)
    standing = StandingSite(project.site, whole=whole)
    build_site(project.root, docs, site, edition.moment, address=project.settings.address, standing=standing, watch=project.watch)
    editions.write_index(site, editions.read_editions(project.editions), project.settings)
    return site
