"""Whether a record is what was sealed: bags, chain, signatures and site held against each other, each difference named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jianbao import files, signing
from jianbao.errors import RecordError
from jianbao.messages import _
from jianbao.record import (
    CHAIN,
    ENDORSED,
    FIRST,
    MANIFEST,
    SIGNATURES,
    SIGNED,
    SITE_CHAIN,
    SITE_MANIFEST,
    TAG_MANIFEST,
    ChainLine,
    Record,
    Release,
    manifest_of,
    parsed_manifest,
    site_manifest,
)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One place where the record, or the site, is not what was sealed."""

    where: str
    what: str

    def within(self, folder: str) -> Discrepancy:
        """Return the same, its place named from further out."""
        return Discrepancy(f"{folder}/{self.where}", self.what)


def verify(folder: Path, site: Path | None = None) -> list[Discrepancy]:
    """Return everything in which bags, chain, signatures and site differ from what was sealed, each with its file.

    `site` is the built public site, or None where only the record is at hand. An office that has released nothing yet has
    nothing to differ; a chain that is gone while bags or the site's copy of it are there is missed.
    """
    if not (folder / CHAIN).is_file() and (any(files.walk(folder)) or (site is not None and (site / SITE_CHAIN).is_file())):
        return [Discrepancy(CHAIN, _("文件不见了")), *_strangers(Record(folder, ()))]
    try:
        record = Record.open(folder)
    except RecordError as error:
        return [Discrepancy(CHAIN, error.message)]
    removed = _stated_removals(record)
    bags = (f for line in record.lines for f in _bag_faults(folder, line, removed))
    found = [*chain_faults(record.lines), *bags, *_signature_faults(record), *_strangers(record)]
    if site is not None and record.last and not found:
        found += _site_faults(record, site)
    return found


def refuse_no_record(folder: Path) -> None:
    """Refuse to call a folder whole that is no record at all.

    Raises RecordError where it holds neither a chain nor a bag, or is one bag of a record.
    """
    if (folder / CHAIN).is_file() or any(folder.glob(f"*/{TAG_MANIFEST}")):
        return
    one = _("这是其中一次发布的档案包：请指上一级文件夹；只核对这一个包，在里面运行 sha256sum -c manifest-sha256.txt。")
    outer = _("请指存放 chain.txt 和各档案包的文件夹，在办公室里是 record。")
    raise RecordError(
        _("{folder} 里没有 chain.txt，不是一份官方记录").format(folder=folder), one if (folder / TAG_MANIFEST).is_file() else outer
    )


def chain_faults(lines: Sequence[ChainLine]) -> Iterator[Discrepancy]:
    """Yield what is wrong between the lines of a chain: numbers, and hashes of the lines before."""
    previous = FIRST
    for expected, line in enumerate(lines, 1):
        if line.number != expected:
            yield Discrepancy(CHAIN, _("第 {line} 行的编号是 {number}").format(line=expected, number=line.number))
        if line.previous != previous:
            yield Discrepancy(CHAIN, _("第 {line} 行记的前一行哈希不符：前一行被改动、增加或删除").format(line=expected))
        previous = line.sha256


def _stated_removals(record: Record) -> frozenset[tuple[str, str, str]]:
    """Return (bag, path, hash) of what later releases say was removed; a release that cannot be read states nothing."""
    stated = set()
    for release in record.releases:
        try:
            stated |= {(e.bag, e.path, e.sha256) for e in release.removals if e.bag < release.line.name}
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return frozenset(stated)


def _bag_faults(folder: Path, line: ChainLine, removed: frozenset[tuple[str, str, str]]) -> Iterator[Discrepancy]:
    """Yield what differs in a bag: its tag manifest from the chain, its tag files and payload from their manifests."""
    bag = folder / line.name
    if not bag.is_dir():
        yield Discrepancy(line.name, _("整个档案包不见了"))
        return
    tags = bag / TAG_MANIFEST
    if not tags.is_file() or files.sha256_of(tags) != line.bag:
        yield Discrepancy(f"{line.name}/{TAG_MANIFEST}", _("与发布记录中的哈希不符"))
        faults = list(_content_faults(bag, line, removed))
        if not faults:  # a bag whole in itself: the line may be what was changed
            yield Discrepancy(CHAIN, _("第 {line} 行记的档案包哈希与档案包不符").format(line=line.number))
        yield from faults
    else:
        yield from _content_faults(bag, line, removed)


def _content_faults(bag: Path, line: ChainLine, removed: frozenset[tuple[str, str, str]]) -> Iterator[Discrepancy]:
    """Yield what differs in a bag from its own manifests."""
    tags, manifest = bag / TAG_MANIFEST, bag / MANIFEST
    there = {files.relative(p, bag): p for p in files.walk(bag)}
    sealed = manifest_of(tags) | manifest_of(manifest)
    for name in sorted(sealed.keys() | there.keys() - {TAG_MANIFEST}):
        stated = (line.name, name, sealed.get(name)) in removed
        if name not in there:
            if not stated:
                yield Discrepancy(f"{line.name}/{name}", _("文件不见了"))
        elif stated:
            yield Discrepancy(f"{line.name}/{name}", _("记录说已移除，文件却还在"))
        elif name not in sealed:
            yield Discrepancy(f"{line.name}/{name}", _("多出的文件"))
        elif files.sha256_of(there[name]) != sealed[name]:
            yield Discrepancy(f"{line.name}/{name}", _("内容被改动"))


def _strangers(record: Record) -> Iterator[Discrepancy]:
    known = {line.name for line in record.lines} | {CHAIN, SIGNATURES}
    for path in sorted(record.folder.iterdir()) if record.folder.is_dir() else ():
        if path.name not in known:
            yield Discrepancy(path.name, _("发布记录里没有它"))


def _site_faults(record: Record, site: Path) -> Iterator[Discrepancy]:
    last = record.last
    if last is None or not site.is_dir():
        return
    sealed, built = manifest_of(last.folder / "data" / SITE_MANIFEST), parsed_manifest(site_manifest(site))
    for name in sorted(sealed.keys() | built.keys()):
        if name not in built:
            yield Discrepancy(f"site/{name}", _("文件不见了"))
        elif name not in sealed:
            yield Discrepancy(f"site/{name}", _("多出的文件"))
        elif sealed[name] != built[name]:
            yield Discrepancy(f"site/{name}", _("内容被改动"))
    copy = site / SITE_CHAIN
    if not copy.is_file() or files.read_bytes(copy) != files.read_bytes(record.folder / CHAIN):
        yield Discrepancy(f"site/{SITE_CHAIN}", _("与发布记录不同"))


def _signature_faults(record: Record) -> Iterator[Discrepancy]:
    """Yield what is wrong with signatures: missing, not by the key that the release names, or by nobody's.

    A key is another only where the key before signed for it, or the release announces why it could not. Without
    ssh-keygen only their being there is looked at.
    """
    there = {p.name: p for p in files.walk(record.folder / SIGNATURES)}
    before = ""
    for release in record.releases:
        try:
            key, announced = release.key, release.about.get("key_change")
        except (OSError, ValueError, AttributeError, TypeError):  # the bag's own fault is told already
            for ending in (SIGNED, ENDORSED):
                there.pop(f"{release.line.name}{ending}", None)
            continue
        wanted = {SIGNED: key} if key else {}
        if before and key != before and not announced:
            wanted[ENDORSED] = before
        for ending, by in wanted.items():
            yield from _signature(release, ending, by, there.pop(f"{release.line.name}{ending}", None))
        before = key
    for name in sorted(there):
        yield Discrepancy(f"{SIGNATURES}/{name}", _("多出的文件"))


def _signature(release: Release, ending: str, key: str, path: Path | None) -> Iterator[Discrepancy]:
    where = f"{SIGNATURES}/{release.line.name}{ending}"
    if path is None:
        yield Discrepancy(where, _("签名不见了"))
    elif signing.available() and not signing.genuine(key, release.line.signed, files.read_bytes(path)):
        yield Discrepancy(where, _("签名不符：不是 {key} 对这一行的签名").format(key=signing.fingerprint(key)))
