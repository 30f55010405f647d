"""Documents from draft to drawer: begun or brought in, signed, corrected, superseded, withdrawn, removed.

Each step holds the office's lock, so that two at once give two numbers and lose no text; it waits for the other to end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

from jianbao import files, life, pages
from jianbao.checks.frontmatter import check_pages
from jianbao.documents import Audience, Document, DocumentKind, Status
from jianbao.errors import Refused, UsageError
from jianbao.excerpts import marked
from jianbao.importing import SUFFIXES, Imported, NotImported, Vicinity, read_file
from jianbao.life import Numbered
from jianbao.messages import _
from jianbao.pages import Page
from jianbao.pipeline.gate import refuse_faults
from jianbao.pipeline.lock import alone
from jianbao.project import Project
from jianbao.record import Record
from jianbao.register import slug
from jianbao.render import render

WAIT: Final = 30.0
"""Seconds that a step waits for another that holds the office."""


def page_path(project: Project, name: str) -> str:
    """Return the path below site/ of a page as a person names it: with `site/`, without it, or where they stand.

    Raises UsageError where there is none.
    """
    given = Path(name)
    for candidate in (given, Path.cwd() / given, project.root / given, project.pages / given):
        if candidate.is_file() and candidate.suffix == ".md" and candidate.resolve().is_relative_to(project.pages.resolve()):
            return candidate.resolve().relative_to(project.pages.resolve()).as_posix()
    raise UsageError(_("没有这个页面：{name}").format(name=name), _("写它在 site/ 里的位置，如 site/notices/2026/01.md。"))


def _documents(project: Project) -> list[Document]:
    """Return every document of site/. Raises Blocked where a page cannot be read, for it may hold a number."""
    found, faults = check_pages((p, files.read_bytes(project.pages / p)) for p in pages.markdown_files(project.pages))
    refuse_faults(faults)
    return found


def _taken(project: Project, documents: list[Document]) -> Iterator[Numbered]:
    """Yield every number given so far, those of published pages that are missing from site/ too."""
    for document in documents:
        if document.number and document.status is not Status.DRAFT:
            yield Numbered(document.path, document.number, document.on)
    record, here = Record.open(project.record), {d.path for d in documents}
    for path in record.pages.keys() - here:
        source = record.states_of(path)[-1].source(path)
        if source and (number := pages.parse(path, source).meta.get("number")):
            yield Numbered(path, str(number), pages.parse(path, source).meta["date"])


def _step(project: Project, name: str, change: Callable[[Page, list[Document]], Page]) -> Page:
    with alone(project, wait=WAIT):
        path = page_path(project, name)
        after = change(pages.read(project.pages, path), _documents(project))
        files.write_text(project.pages / path, after.text)
        return after


def sign_page(project: Project, name: str, *, by: str, on: date) -> Page:
    """Sign a draft; a document of a series gets its next number. Without `by` the office's own signatory signs."""

    def sign(page: Page, documents: list[Document]) -> Page:
        if page.meta.get("kind") == DocumentKind.BRIEFING:
            raise Refused(_("简报由 jianbao publish 签发"), _("运行 jianbao publish --signed-by 姓名。"))
        declared = project.settings.series
        refuse_faults(life.number_faults(documents, declared))
        signatory = by or project.settings.school.signed_by
        return life.sign(page, by=signatory, on=on, declared=declared, taken=list(_taken(project, documents)))

    return _step(project, name, sign)


def correct_page(project: Project, name: str, *, was: str, now: str, reason: str, on: date) -> Page:
    """Put one passage of a signed page right, with a change note that says what was and what is."""
    return _step(project, name, lambda page, _all: life.correct(page, was=was, now=now, on=on, reason=reason))


def withdraw_page(project: Project, name: str, *, reason: str, on: date) -> Page:
    """Withdraw a page; it keeps its address under a banner."""
    return _step(project, name, lambda page, _all: life.withdraw(page, reason=reason, on=on))


def remove_page(project: Project, name: str, *, reason: str, by: str, on: date) -> Page:
    """Take a page's content off for personal data's sake: a stone stays, and the next release takes it out of the bags."""
    return _step(project, name, lambda page, _all: life.remove(page, reason=reason, by=by, on=on))


def mentions(project: Project, page: str, title: str) -> list[str]:
    """Return the other pages of site/ that name a title: they are not changed with the page that bore it."""
    return [p for p in pages.markdown_files(project.pages) if p != page and title in files.read_text(project.pages / p)]


def supersede_page(project: Project, name: str, *, by: str, reason: str, on: date) -> Page:
    """Let another page in force take a page's place."""
    successor = page_path(project, by)

    def supersede(page: Page, documents: list[Document]) -> Page:
        return life.supersede(page, successor=next(d for d in documents if d.path == successor), on=on, reason=reason)

    return _step(project, name, supersede)


@dataclass(frozen=True, slots=True)
class AddOptions:
    """What the command asks of a new page. `source` is a file or a folder to bring in; `corrects` the page corrected."""

    kind: DocumentKind
    as_of: datetime
    title: str = ""
    name: str = ""
    source: Path | None = None
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file: the page written, or why there is none; `remarks` are what could not be kept."""

    source: str
    path: str
    remarks: tuple[str, ...] = ()
    refused: NotImported | None = None
    carried: tuple[tuple[str, int], ...] = ()


def add_pages(project: Project, options: AddOptions) -> list[Added]:
    """Begin a page as a draft, from the kind's template or from files; nothing that is there is overwritten."""
    with alone(project, wait=WAIT):
        if options.source is None:
            return [_from_template(project, options)]
        if not options.source.exists():
            raise UsageError(_("没有这个文件或文件夹：{name}").format(name=options.source))
        if options.source.is_file():
            return [_from_file(project, options, options.source, options.source.parent)]
        found = [p for p in files.walk(options.source) if p.suffix.lower() in SUFFIXES and not _aside(p.relative_to(options.source))]
        if not found:
            raise UsageError(_("{name} 里没有可以导入的文件").format(name=options.source))
        return [_from_file(project, options, path, options.source) for path in found]


def _aside(path: Path) -> bool:
    return any(part.startswith((".", "_", "~$")) for part in path.parts)


def _from_template(project: Project, options: AddOptions) -> Added:
    kind, day = options.kind, options.as_of.date()
    values = {"school": project.settings.school.name, "office": project.settings.school.office, "today": day}
    body = render(project.templates, f"kinds/{kind.value}.md.j2", values)
    meta = _front(project, options, {"title": options.title or "（请填写标题）"}, day)
    meta |= {"audience": Audience.EXCERPT.value} if marked(body) else {}
    meta |= {"summary": "（请填写一句话摘要）"}
    path = _free(project, kind, day, options.name or f"{day.isoformat()}-{kind.value}")
    files.write_text(project.pages / path, pages.compose(meta, body))
    return Added("", path)


def _front(project: Project, options: AddOptions, known: dict[str, Any], day: date) -> dict[str, Any]:
    """Return a draft's front matter: what the file says of itself, what the kind needs, what the command says."""
    kind = options.kind
    meta: dict[str, Any] = {"title": known.pop("title"), "kind": kind.value, "status": Status.DRAFT.value, "date": known.pop("date", day)}
    meta["issuer"] = project.settings.school.issued_by
    meta |= {"held_on": day} if "held_on" in kind.spec.needs else {}
    if "corrects" in kind.spec.needs:
        if not options.corrects:
            raise UsageError(_("没有写更正的是哪一个文件"), _("用 --of 页面。"))
        meta["corrects"] = page_path(project, options.corrects)
    return meta | known


def _free(project: Project, kind: DocumentKind, day: date, name: str) -> str:
    """Return a path below site/ where nothing stands yet."""
    folder = PurePosixPath(kind.spec.folder) / str(day.year) if kind.spec.folder else PurePosixPath()
    stem = slug(files.legal_name(name)).lower()
    tries = (stem if n == 1 else f"{stem}-{n}" for n in range(1, 1000))
    return next(str(folder / f"{t}.md") for t in tries if not (project.pages / folder / f"{t}.md").exists() and t != "index")


def _from_file(project: Project, options: AddOptions, path: Path, root: Path) -> Added:
    shown = path.relative_to(root).as_posix()
    around = Vicinity(
        root, PurePosixPath(path.parent.relative_to(root).as_posix()), slug(files.legal_name(options.name or path.stem)).lower()
    )
    try:
        found = read_file(path.name, files.read_bytes(path), around)
    except NotImported as error:
        return Added(shown, "", refused=error)
    return _written(project, options, found, shown)


def _written(project: Project, options: AddOptions, found: Imported, shown: str) -> Added:
    stem = PurePosixPath(shown).stem
    known: dict[str, Any] = {"title": options.title or found.meta.get("title") or stem} | {
        k: v for k, v in found.meta.items() if k != "title"
    }
    day = known.get("date", options.as_of.date())
    target = _free(project, options.kind, day, options.name or str(found.meta.get("urlname") or stem))
    folder = (project.pages / target).parent
    for name, data in found.carried.items():
        if (folder / name).is_file() and files.read_bytes(folder / name) != data:
            text = _("site/{path} 已经是另一个文件").format(path=PurePosixPath(target).parent / name)
            return Added(shown, "", refused=NotImported(text, _("用 --name 给这一页另起一个名字。")))
    for name, data in found.carried.items():
        files.write_bytes(folder / name, data)
    files.write_text(project.pages / target, pages.compose(_front(project, options, known, day), found.body))
    return Added(shown, target, found.remarks, carried=tuple((name, len(data)) for name, data in found.carried.items()))
