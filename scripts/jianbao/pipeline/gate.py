"""What stands between a built site and its release: pages that say what they are, nothing personal, no dead link."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from jianbao import files, pages
from jianbao.checks.frontmatter import check_pages
from jianbao.checks.passed import file_key, is_index
from jianbao.checks.pieces import Pieces
from jianbao.checks.privacy import Hit, People, suggested_phrase
from jianbao.checks.sieve import check_site
from jianbao.documents import Audience, Document, DocumentKind, Fault, Status
from jianbao.errors import Blocked
from jianbao.excerpts import public_excerpt
from jianbao.forms import Kind, Privacy, Role, Subject
from jianbao.life import known, number_faults, told
from jianbao.messages import _
from jianbao.pipeline.handing import people_of
from jianbao.pipeline.seen import Seen
from jianbao.pipeline.work import DayWork
from jianbao.project import Project
from jianbao.record import Record

_SHOWN = 40
_INDEX = "site/search/"


@dataclass(frozen=True, slots=True)
class PublicPages:
    """The public documents of site/, their sources by path, and the files that they link to."""

    documents: tuple[Document, ...]
    sources: Mapping[str, str]
    attached: Mapping[str, bytes]

    def with_briefings_of(self, days: Collection[date]) -> PublicPages:
        """Return these pages without the briefings of other days: one that was only drafted is not released by the way."""
        kept = tuple(d for d in self.documents if d.kind is not DocumentKind.BRIEFING or d.data_date in days)
        return replace(self, documents=kept, sources={d.path: self.sources[d.path] for d in kept})


def with_earlier_attachments(found: PublicPages, record: Record, folder: Path) -> PublicPages:
    """Return these pages with the files that their earlier states link to: as they lie in `folder`, else as sealed last."""
    attached, here = dict(found.attached), set(pages.attachments(folder))
    for document in (d for d in found.documents if d.status is not Status.REMOVED):
        for release in record.states_of(document.path):
            source = release.source(document.path)
            for target in pages.local_links(document.path, pages.parse(document.path, source).body) if source else ():
                data = None if target in attached else files.read_bytes(folder / target) if target in here else record.attachment(target)
                if data is not None:
                    attached[target] = data
    return replace(found, attached=dict(sorted(attached.items())))


def public_pages(project: Project, on: date, *, drafts: bool = False) -> PublicPages:
    """Return what of site/ is for the public on a day: released, not of a later date, of internal documents their excerpts.

    `drafts` adds what is not signed yet, for a preview.
    Raises Blocked with everything wrong in any page's front matter.
    """
    paths = list(pages.markdown_files(project.pages))
    documents, faults = check_pages((p, files.read_bytes(project.pages / p)) for p in paths)
    refuse_faults(faults)
    refuse_faults(number_faults(documents, project.settings.series))
    due = [d for d in documents if d.on <= on and d.audience is not Audience.INTERNAL and (d.status.released or drafts)]
    read = dict(_public_page(project, d) for d in due)
    return PublicPages(tuple(d for d, _text in read.values()), {p: t for p, (_d, t) in read.items()}, dict(_attached(project, read)))


def refuse_faults(faults: Iterable[Fault]) -> None:
    """Raise Blocked with everything wrong in pages' front matter, if anything is."""
    if found := list(faults):
        raise Blocked(told(found), _("改正后再运行；写法见 docs/documents.md。"))


def _public_page(project: Project, document: Document) -> tuple[str, tuple[Document, str]]:
    """Return a page by its path, as the public may read it: of an internal document only the excerpt."""
    source = files.read_text(project.pages / document.path)
    if document.audience is Audience.PUBLIC:
        return document.path, (document, source)
    page = public_excerpt(pages.parse(document.path, source), source)
    return document.path, (known(page), page.text)


def _attached(project: Project, public: Mapping[str, tuple[Document, str]]) -> Iterator[tuple[str, bytes]]:
    """Yield the files that a public page links to; others stay where they are."""
    wanted = {target for document, _text in public.values() for target in pages.local_links(document.path, document.body)}
    for path in sorted(wanted & set(pages.attachments(project.pages))):
        yield path, files.read_bytes(project.pages / path)


def gate_people(project: Project, work: DayWork, documents: Sequence[Document], signed_by: str) -> People:
    """Return what must not leave: the rosters, less the phrases the school allows and those who sign, in that role."""
    signatories = {d.signed_by for d in documents} | {signed_by, project.settings.school.signed_by}
    people = people_of(work.registers, [a.phrase for a in project.settings.allowed])
    names, numbers = _in_logs(work)
    people = replace(people, names=people.names | names, numbers=people.numbers | numbers)
    return replace(people, signatories=frozenset(s for s in signatories if s))


def _in_logs(work: DayWork) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names and numbers of people who stand in the day's logs and in no roster: visitors."""
    names: set[str] = set()
    numbers: set[str] = set()
    for checked in (c for c in work.checked.values() if c.form.kind is Kind.LOG and c.form.subject is not Subject.PERSON):
        for spec in checked.form.fields:
            said = {v for v in checked.accepted.column(spec.name).to_pylist() if v} if spec.type == "string" else set()
            names |= said if spec.role is Role.NAME else set()
            numbers |= {v.upper() for v in said} if spec.privacy in (Privacy.PHONE, Privacy.IDENTITY) else set()
    return frozenset(n for n in names if len(n) > 1), frozenset(numbers)


def pass_gate(tree: Mapping[str, bytes], people: People, *, passed: Collection[str] = (), kept: Path | None = None) -> None:
    """Check everything about to be released: files of the site below `site/`, the payload below `record/`.

    `passed` are the hashes of paper forms whose words are looked at elsewhere in the tree. `kept` is where it is noted
    what has passed, and of which people: the next time only new bytes are looked through, unless people or rules are others.
    Raises Blocked with each thing found, in its sentence.
    """
    own, seen, pieces = _theme_hashes().union(passed), Seen.open(kept, people), Pieces()
    hashes = files.sha256_of_each(tree)
    keys = {path: file_key(path, digest) for path, digest in hashes.items() if digest not in own}
    known = {path for path, key in keys.items() if seen.passed.has(key)}
    if any(is_index(path) for path in known):
        seen.passed.keep()  # its entries
    hits = check_site({path: tree[path] for path in sorted(keys) if path not in known}, people, seen.passed, pieces)
    found_in = {hit.path for hit in hits}
    for path in keys.keys() - found_in:
        seen.passed.add(keys[path])
    hits = _on_pages(hits)
    site = {p.removeprefix("site/"): data for p, data in tree.items() if p.startswith("site/")}
    dead = seen.dead_links(site, {p.removeprefix("site/") for p in known}, pieces)
    problems = [*map(_told, hits), *(_("{path}：链接 {target} 无效").format(path=d.path, target=d.target) for d in dead)]
    if problems:
        shown = "\n".join(f"  {p}" for p in problems[:_SHOWN])
        more = _("\n  ……共 {count} 处").format(count=len(problems)) if len(problems) > _SHOWN else ""
        raise Blocked(_("页面检查没有通过，没有发布任何东西：\n{problems}").format(problems=shown + more), _advice(hits))
    if kept:
        seen.write(kept)


def _on_pages(hits: Sequence[Hit]) -> list[Hit]:
    """Return hits without the numbers that come together in the search index alone, where the cells of a table lose their edges.

    The index holds nothing that does not stand on a page, and the pages are looked through with their edges.
    """
    on_pages = {_digits(h) for h in hits if not h.path.startswith(_INDEX)}
    return [h for h in hits if not (h.path.startswith(_INDEX) and _digits(h).isdigit() and _digits(h) not in on_pages)]


def _digits(hit: Hit) -> str:
    return "".join(x for x in hit.found if x not in " -")


@lru_cache(maxsize=1)
def _theme_hashes() -> frozenset[str]:
    """Return the hashes of the theme's own files, which hold nobody's data."""
    import material

    folder = Path(material.__file__).parent / "templates" / "assets"
    return frozenset(files.sha256_of(p) for p in files.walk(folder))


def _told(hit: Hit) -> str:
    return _("{path}：{kind} {sentence}").format(path=hit.path, kind=hit.kind, sentence=hit.sentence)


def _advice(hits: Sequence[Hit]) -> str:
    if not hits:
        return _("改正链接后再运行。")
    phrase = suggested_phrase(hits[0])
    return _('是个人信息的，请从页面删去；是日常用语的，逐个放行：jianbao allow "{phrase}" --reason 理由').format(phrase=phrase)
