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

from filelock import FileLock, Timeout

from jianbao import briefing, files, git, pages, release
from jianbao.build import build_site
from jianbao.checks.frontmatter import check_pages
from jianbao.checks.links import check_links
from jianbao.checks.privacy import Hit, People, check_privacy, suggested_phrase
from jianbao.documents import Document, DocumentKind, read_document
from jianbao.errors import Blocked, Refused
from jianbao.facts import Facts
from jianbao.messages import _
from jianbao.pipeline.disclose import day_facts
from jianbao.pipeline.handing import people_of, write_alerts
from jianbao.pipeline.work import DayWork, work_day
from jianbao.project import Project
from jianbao.record import SITE_CHAIN, SITE_MANIFEST, ChainLine, PageState, Record, site_manifest
from jianbao.render import render
from jianbao.site import Edition, edition_of, search_words, stage, write_tree

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
    """What the command asks of a publication."""

    day: date | None
    as_of: datetime
    signed_by: str = ""
    update: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """What a run did. `line` is the new release, None where there was nothing to release."""

    work: DayWork
    line: ChainLine | None
    briefing: str
    changed: tuple[str, ...]
    skipped: tuple[date, ...]
    alerts: Path | None
    target: str
    timings: Timings
    rebuilt: bool


def publish(project: Project, options: PublishOptions, step: Step) -> Published:
    """Publish a day. Raises Blocked for findings of the gate, Refused where it would change what is issued."""
    files.private_folder(project.private)
    try:
        with FileLock(project.private / ".lock", timeout=0):
            return _Run(project, options, step).publish()
    except Timeout as error:
        raise Refused(_("另一个 jianbao 正在这个办公室里运行"), _("等它结束后再试。")) from error


@dataclass(slots=True)
class _Run:
    project: Project
    options: PublishOptions
    step: Step
    timings: Timings = field(default_factory=Timings)

    def publish(self) -> Published:
        project = self.project
        files.settle_swap(project.site)
        record = Record.open(project.record)
        record.clear_unfinished()
        self.step(_("读取与检查"))
        work = work_day(project, as_of=self.options.as_of, day=self.options.day, published=record.facts)
        alerts = write_alerts(work)
        self.timings.done(_("读取与检查"))
        facts, path = self._brief(work, record)
        documents, sources, attached = public_pages(project)
        states = release.page_states(documents, sources)
        changed = release.changed_pages(record, states)
        self._refuse_silent_changes(record, states, {d.path: d for d in documents})
        self.timings.done(_("写简报"))
        fresh = facts if record.facts.get(work.day) != facts else None
        people = gate_people(project, work, documents, self.options.signed_by)
        line = None
        if fresh or changed:
            line = self._release(work, record, fresh, documents=documents, sources=sources, attached=attached, states=states,
                                 changed=changed, people=people)  # fmt: skip
        rebuilt = line is None and self._complete(record, work, documents, attached)
        target = self._deliver()
        skipped = tuple(d for d in work.other_days if d not in record.facts and d <= self.options.as_of.date())
        return Published(work, line, path, tuple(changed), skipped, alerts, target, self.timings, rebuilt)

    def _brief(self, work: DayWork, record: Record) -> tuple[Facts, str]:
        """Write the day's briefing into site/, and return its facts: those released where nothing has changed."""
        facts, before = day_facts(work), record.facts.get(work.day)
        path = briefing.briefing_path(work.day)
        if before is not None:
            changes = release.figure_changes(before, facts)
            if not changes:
                return before, path
            if not self.options.update:
                told = "\n".join(f"  {c.title}：{c.was} → {c.now}" for c in changes)
                raise Refused(
                    _("{day} 已经发布，数据后来有变化：\n{changes}").format(day=work.day, changes=told),
                    _("确认后加 --update 再运行：发布新的一版，并注明变化；原来的一版仍可查阅。"),
                )
        self.step(_("写简报"))
        signed = self.options.signed_by or self.project.settings.school.signed_by
        draft = _Draft(self.project, work, record, facts, path, signed, self.options.as_of.date())
        draft.write(before)
        if not signed:
            raise Refused(
                _("简报写好了，还是草稿：site/{path}。没有签发人，不能发布。").format(path=path),
                _("用 --signed-by 姓名 签发，或在 jianbao.toml 的 [school] 中写 signed_by。"),
            )
        return facts, path

    def _refuse_silent_changes(self, record: Record, states: Mapping[str, PageState], documents: Mapping[str, Document]) -> None:
        if silent := release.unexplained(record, states, documents):
            told = "\n".join(f"  site/{p}" for p in silent)
            raise Refused(
                _("已发布的页面被改动或删除，没有说明：\n{pages}").format(pages=told),
                _("改动请在页面说明区 changes 加一条 date 和 note；不再有效请写 status: withdrawn 和 reason，不要删除。"),
            )

    def _release(
        self, work: DayWork, record: Record, fresh: Facts | None, *, documents: Sequence[Document], sources: Mapping[str, str],
        attached: Mapping[str, bytes], states: Mapping[str, PageState], changed: Sequence[str], people: People,
    ) -> ChainLine:  # fmt: skip
        """Stage, build, check, seal, and put the new site in its place."""
        project, as_of = self.project, self.options.as_of
        edition = edition_of(
            record, settings=project.settings, number=record.next_number, moment=as_of, documents=documents, changed=changed,
            facts=fresh, templates=project.templates,
        )  # fmt: skip
        site = self._build(edition, work, attached)
        self.step(_("检查页面"))
        tree = {f"site/{files.relative(p, site)}": files.read_bytes(p) for p in files.walk(site)}
        self._gate(tree, people)
        payload = release.payload(
            number=record.next_number, day=work.day, as_of=as_of, states=states, changed=changed, sources=sources, site=site, facts=fresh,
            forms=work.forms, forms_folder=project.forms, templates=project.templates, settings=project.settings,
            snapshots=work.snapshots,
        )  # fmt: skip
        payload[SITE_MANIFEST] = site_manifest(site).encode()
        self._gate({f"record/{k}": v for k, v in payload.items() if not k.endswith(".html")}, people)
        self.timings.done(_("检查页面"))
        self.step(_("封存"))
        info = release.bag_info(project.settings, number=record.next_number, day=work.day, as_of=as_of)
        line = record.seal(work.day, payload, info)
        self._put_in_place(site)
        self.timings.done(_("封存"))
        return line

    def _build(self, edition: Edition, work: DayWork, attached: Mapping[str, bytes]) -> Path:
        """Stage and build an edition beside the current one; return the built site."""
        project = self.project
        self.step(_("生成网站"))
        docs = project.build / "public" / "docs.new"
        write_tree(docs, stage(edition, attached))
        files.write_text(project.build / "public" / "words.txt", search_words(work.registers.units.units), lasting=False)
        site = files.empty_folder(project.build / "public" / "site.new")
        build_site(project.root, docs, site, edition.moment)
        self.timings.done(_("生成网站"))
        return site

    def _gate(self, tree: Mapping[str, bytes], people: People) -> None:
        own = theme_hashes()
        unknown = ((p, d) for p, d in tree.items() if files.sha256(d) not in own)
        hits = check_privacy(unknown, people)
        dead = check_links((p.removeprefix("site/"), d) for p, d in tree.items() if p.startswith("site/"))
        problems = [*(_told(hit) for hit in hits), *(f"{d.path} → {d.target}" for d in dead)]
        if problems:
            shown = "\n".join(f"  {p}" for p in problems[:40])
            more = _("\n  ……共 {count} 处").format(count=len(problems)) if len(problems) > 40 else ""
            raise Blocked(_("页面检查没有通过，没有发布任何东西：\n{problems}").format(problems=shown + more), _advice(hits))

    def _put_in_place(self, site: Path) -> None:
        project = self.project
        files.write_bytes(site / SITE_CHAIN, files.read_bytes(project.record / "chain.txt"))
        files.swap_folder(site, project.site)
        files.swap_folder(project.build / "public" / "docs.new", project.staged)

    def _complete(self, record: Record, work: DayWork, documents: Sequence[Document], attached: Mapping[str, bytes]) -> bool:
        """Make the site again where it is not that of the last release (a run cut off, a new laptop)."""
        last = record.last
        if last is None:
            return False
        sealed = files.read_text(last.folder / "data" / SITE_MANIFEST)
        chain = self.project.site / SITE_CHAIN
        if chain.is_file() and files.read_bytes(chain) == files.read_bytes(record.folder / "chain.txt"):
            return False
        moment = datetime.fromisoformat(last.about["as_of"])
        edition = edition_of(
            record, settings=self.project.settings, number=last.line.number, moment=moment, documents=documents,
            changed=last.changed, facts=last.facts, templates=self.project.templates,
        )  # fmt: skip
        site = self._build(edition, work, attached)
        if site_manifest(site) != sealed:
            raise Refused(
                _("重新生成的网站与第 {number} 号记录封存的不同").format(number=last.line.number),
                _("程序、模板或设置可能变了；用 jianbao verify 看是哪些文件，改回后再运行。"),
            )
        self._put_in_place(site)
        self.timings.done(_("生成网站"))
        return True

    def _deliver(self) -> str:
        """Commit and hand the site to its target, where there is a repository and a target."""
        project, as_of = self.project, self.options.as_of
        last = Record.open(project.record).last
        if last is None:
            return ""
        if repository := git.Repository.around(project.root):
            message = _("发布第 {number} 号（{day}）").format(number=last.line.number, day=last.line.day)
            repository.commit(["site", "record"], message, as_of)
        if project.settings.target:
            deliver(project, project.settings.target, as_of)
            self.timings.done(_("送到发布位置"))
        return project.settings.target


@dataclass(frozen=True, slots=True)
class _Draft:
    """The day's briefing as a file that people may correct."""

    project: Project
    work: DayWork
    record: Record
    facts: Facts
    path: str
    signed_by: str
    issued: date

    def write(self, before: Facts | None) -> None:
        """Write the briefing, unless somebody has edited it: their text stays, and only its particulars follow."""
        settings = self.project.settings
        body = render(self.project.templates, briefing.TEMPLATE, briefing.briefing_values(
            self.facts, settings, issued=self.issued, documents=self._documents()))  # fmt: skip
        mark = files.sha256(body.encode())[:16]
        data = files.sha256(_fingerprint(self.facts).encode())[:16]
        meta = briefing.front_matter(self.facts, settings, issued=self.issued, number=self._number(), signed_by=self.signed_by)
        file = self.project.pages / self.path
        if file.is_file():
            body, mark, meta = self._kept(file, body, mark, data, meta, before)
        files.write_text(file, pages.compose(meta | {"generated": mark, "data": data}, body))

    def _kept(
        self, file: Path, body: str, mark: str, data: str, meta: dict[str, object], before: Facts | None
    ) -> tuple[str, str, dict[str, object]]:
        """Return text, mark and front matter with what an editor wrote kept.

        Raises Refused where the figures under an edited text have changed.
        """
        page = pages.parse(self.path, files.read_text(file))
        edited = files.sha256(page.body.encode())[:16] != page.meta.get("generated")
        changes = list(page.meta.get("changes") or [])
        if before is not None and page.meta.get("data") != data:
            noted = "；".join(f"{c.title}由 {c.was} 更新为 {c.now}" for c in release.figure_changes(before, self.facts))
            changes.append({"date": self.issued, "note": noted})
        if changes:
            meta = meta | {"changes": changes}
        if before is not None:
            meta = {**meta, **{k: page.meta[k] for k in ("date", "number") if k in page.meta}}
        if not edited:
            return body, mark, meta
        if page.meta.get("data") != data:
            fresh = self.project.out / self.work.day.isoformat() / f"{self.work.day.isoformat()}.md"
            files.write_text(fresh, pages.compose(meta | {"generated": mark, "data": data}, body), private=True)
            raise Refused(
                _("简报 site/{path} 被人修改过，而数据又有变化；修改过的文字不会被覆盖").format(path=self.path),
                _("新生成的一份在 {fresh}；请把变化并入，并把说明区的 data 一行改成新的，再运行。").format(
                    fresh=fresh.relative_to(self.project.root).as_posix()
                ),
            )
        for key in ("title", "summary", "tags", "mark"):
            if key in page.meta:
                meta = {**meta, key: page.meta[key]}
        return page.body, str(page.meta.get("generated", "")), meta

    def _number(self) -> int | None:
        """Return the briefing's number: its own where the day was issued before, else the next."""
        if not self.project.settings.briefing.numbered:
            return None
        issued = list(dict.fromkeys(r.facts.day for r in self.record.releases if r.facts))
        return issued.index(self.work.day) + 1 if self.work.day in issued else len(issued) + 1

    def _documents(self) -> list[Document]:
        """Return the documents issued since the last briefing, up to this one's day of issue."""
        documents, _sources, _attached = public_pages(self.project)
        earlier = [d for d in self.record.facts if d < self.work.day]
        since = max(earlier) if earlier else None
        own = [d for d in documents if d.kind not in (DocumentKind.BRIEFING, DocumentKind.PAGE)]
        until = self.work.day
        return [d for d in sorted(own, key=lambda d: (d.on, d.path)) if (since < d.on if since else d.on == until) and d.on <= until]


def _fingerprint(facts: Facts) -> str:
    """Return what of a day's facts decides whether its briefing is another: everything but the time of the pull."""
    return repr(replace(facts, as_of=datetime.min))


def public_pages(project: Project) -> tuple[list[Document], dict[str, str], dict[str, bytes]]:
    """Return the public documents of site/, their sources by path, and the files that stand beside them.

    Raises Blocked with everything wrong in any page's front matter.
    """
    paths = list(pages.markdown_files(project.pages))
    documents, faults = check_pages((p, files.read_bytes(project.pages / p)) for p in paths)
    if faults:
        told = "\n".join(_("  site/{path} 第 {line} 行：{text}").format(path=f.path, line=f.line, text=f.text) for f in faults)
        raise Blocked(_("页面的说明区有错：\n{faults}").format(faults=told), _("改正后再运行；写法见 docs/documents.md。"))
    public = [d for d in documents if d.public]
    sources = {d.path: files.read_text(project.pages / d.path) for d in public}
    return public, sources, dict(_attached(project, public))


def _attached(project: Project, public: Sequence[Document]) -> Iterator[tuple[str, bytes]]:
    """Yield the files that a public page links to; others stay where they are."""
    import posixpath  # noqa: PLC0415
    import re  # noqa: PLC0415
    from urllib.parse import unquote  # noqa: PLC0415

    known = set(pages.attachments(project.pages))
    wanted = set()
    for document in public:
        for target in re.findall(r"\]\(([^)\s#?]+)|(?:src|href)=\"([^\"#?]+)", document.body):
            path = unquote(target[0] or target[1])
            wanted.add(posixpath.normpath(posixpath.join(posixpath.dirname(document.path), path)))
    for path in sorted(known & wanted):
        yield path, files.read_bytes(project.pages / path)


def gate_people(project: Project, work: DayWork, documents: Sequence[Document], signed_by: str) -> People:
    """Return what must not leave: the rosters, less the phrases the school allows and those who sign in their role."""
    signatories = {d.signed_by for d in documents if d.signed_by} | {signed_by, project.settings.school.signed_by}
    allowed = [a.phrase for a in project.settings.allowed]
    people = people_of(work.registers, work.forms, allowed)
    return replace(people, signatories=frozenset(s for s in signatories if s))


def theme_hashes() -> frozenset[str]:
    """Return the hashes of the theme's own files, which hold nobody's data."""
    import material  # noqa: PLC0415

    folder = Path(material.__file__).parent / "templates" / "assets"
    return frozenset(files.sha256_of(p) for p in files.walk(folder))


def _told(hit: Hit) -> str:
    return _("{path}：{kind} {sentence}").format(path=hit.path, kind=hit.kind, sentence=hit.sentence)


def _advice(hits: Sequence[Hit]) -> str:
    if not hits:
        return _("改正链接后再运行。")
    phrase = suggested_phrase(hits[0])
    return _("是个人信息的，请从页面删去；是日常用语的，逐个放行：jianbao allow \"{phrase}\" --reason 理由").format(phrase=phrase)


def deliver(project: Project, target: str, as_of: datetime) -> None:
    """Hand the built site to a folder or a git remote, whole; refused where the record there is ahead of ours."""
    ours = files.read_text(project.record / "chain.txt")
    scratch = project.build / "deliver.git"
    if git.is_remote(target):
        theirs = git.fetch_file(target, _BRANCH, SITE_CHAIN, scratch)
    else:
        folder = Path(target) if Path(target).is_absolute() else project.root / target
        there = folder / SITE_CHAIN
        theirs = files.read_text(there) if there.is_file() else None
        if theirs is None and folder.is_dir() and any(folder.iterdir()):
            raise Refused(_("发布位置 {target} 不是空的，也不是 jianbao 的网站").format(target=target), _("换一个空文件夹。"))
    if theirs is not None and not ours.startswith(theirs):
        raise Refused(
            _("发布位置的记录比这里的新，或与这里的不同：可能有人在另一台电脑上发布过"),
            _("先把那台电脑的 site/ 和 record/ 同步过来，再运行。"),
        )
    if git.is_remote(target):
        message = ours.splitlines()[-1]
        git.push_folder(project.site, target, _BRANCH, scratch, message=message, when=as_of)
    elif theirs != ours:
        new = folder.with_name(folder.name + ".new")
        files.remove(new)
        files.copy_tree(project.site, new)
        files.swap_folder(new, folder)


_BRANCH = "gh-pages"


def current_document(project: Project, path: str) -> Document | None:
    """Return one page of site/ as a document, or None where it cannot be read."""
    found = read_document(pages.read(project.pages, path))
    return found if isinstance(found, Document) else None
