"""What an office has settled in jianbao.toml, read once and trusted from there on."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from importlib import resources
from pathlib import Path
from typing import Any, Final

from jianbao import files
from jianbao.clock import parse_clock
from jianbao.errors import SettingsError
from jianbao.messages import _, did_you_mean, listed
from jianbao.schema import plainly_meets

SETTINGS_FILE: Final = "jianbao.toml"
Setting = int | float | str | date


@dataclass(frozen=True, slots=True)
class School:
    """The school and the office that publishes."""

    name: str
    office: str
    timezone: str = "Asia/Shanghai"
    signed_by: str = ""
    issuer: str = ""

    @property
    def issued_by(self) -> str:
        """Who stands under a document: the issuer, else the office."""
        return self.issuer or self.office


@dataclass(frozen=True, slots=True)
class DatedSetting:
    """A threshold or a number of days, in force from a day on."""

    name: str
    value: Setting
    since: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Permission:
    """A unit excused for some days, or allowed to report late, with the reason."""

    unit: str
    since: date
    until: date
    reason: str
    late_until: time | None = None

    def covers(self, unit: str, day: date) -> bool:
        """Whether it speaks of this unit on this day."""
        return unit == self.unit and self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class Receiver:
    """A role that alerts are for and that every unit, or every campus, has of its own."""

    role: str
    per: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """A phrase that may stand on a page though it holds a name or a number of the rosters."""

    phrase: str
    reason: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call, for what: shown on the start page.

    `open` are the hours of every day as 08:00-20:00, from which the page says who is there now.
    """

    role: str
    number: str
    place: str = ""
    hours: str = ""
    open: str = ""


@dataclass(frozen=True, slots=True)
class FillIn:
    """A sheet that people fill in: shown on the start page."""

    title: str
    who: str
    due: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class SectionSettings:
    """A part of the briefing: what it holds, and its heading, where that is not the kind's own (empty: none, and no number).

    `figures` and `table` are names, for the kinds that state some; `text` are the paragraphs of the kind of that name.
    """

    kind: str
    heading: str | None = None
    figures: tuple[str, ...] = ()
    table: str = ""
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefingSettings:
    """How the daily briefing is headed and laid out, what it holds in which order, how it closes (docs/settings.md)."""

    title: str = "工作简报"
    mark: str = ""
    numbered: bool = True
    style: str = "items"
    since: date | None = None
    news: str = "arrival"
    section: tuple[SectionSettings, ...] = ()
    figures: tuple[str, ...] = ()
    quote: str = ""
    quote_by: str = ""
    reminder_title: str = ""
    reminder: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BookSettings:
    """An online workbook by its address; `path` is what the office calls it, `form` the form it is shaped for."""

    address: str
    path: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class GoogleSettings:
    """Where the online workbooks are and with which key they are opened (`sources.google`)."""

    credentials: str = ""
    folder: str = ""
    books: tuple[BookSettings, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficeSource:
    """An office whose published record this one reads: its name, where the record is, the public keys it signs with."""

    name: str
    address: str
    keys: tuple[str, ...] = ()
    kind: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A series of document numbers: its pattern, and the kinds of document in it (`jianbao.life.numbers`).

    `audience` parts an internal series from a public one. `first` is the number it begins with here, and `elsewhere`
    are numbers of it that stand on paper only.
    """

    pattern: str
    kinds: tuple[str, ...]
    audience: str = ""
    first: int = 1
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """How documents are printed: the fonts of each role by family name, where font files lie, who gets a briefing.

    An empty name leaves the role to the free fonts.
    """

    folder: str = "fonts"
    title: str = ""
    body: str = ""
    heading: str = ""
    subheading: str = ""
    number: str = ""
    report_to: str = ""
    send_to: str = ""

    @property
    def named(self) -> Mapping[str, str]:
        """The families named, by role."""
        roles = ("title", "body", "heading", "subheading", "number")
        return {role: family for role in roles if (family := getattr(self, role))}

    @property
    def complete(self) -> bool:
        """Whether every role has its font by name."""
        return len(self.named) == 5  # as many as there are roles


@dataclass(frozen=True, slots=True)
class RecordSettings:
    """How releases are signed. `key` is a private key's file, `previous_key` the one before, `key_change` why it is another."""

    key: str = ""
    previous_key: str = ""
    key_change: str = ""
    tag: bool = False


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Who counts kept rows: this machine (`local`), or the Dask cluster whose scheduler has this address."""

    kind: str = "local"
    address: str = ""


GROUPS: Final = ("报告与健康", "排查与分类", "隔离观察", "校门与值班", "物资与消毒", "教学与就业", "咨询与宣传", "组织与准备")
"""The headings of the forms that are shipped."""


@dataclass(frozen=True)
class Settings:
    """Everything jianbao.toml says, with its defaults."""

    school: School
    briefing: BriefingSettings = field(default_factory=BriefingSettings)
    printing: PrintSettings = field(default_factory=PrintSettings)
    source_kind: str = "folder"
    inbox: str = "inbox"
    google: GoogleSettings | None = None
    offices: tuple[OfficeSource, ...] = ()
    target: str = ""
    address: str = ""
    small_count: int = 5
    groups: tuple[str, ...] = GROUPS
    """The headings of figures and ledgers on the site, in order."""
    missing_word: str = ""
    """What a return says where nothing was stated; without it such a return is not written."""
    retention_days: int | None = None
    record: RecordSettings = field(default_factory=RecordSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
    deadline: time | None = None
    dated: tuple[DatedSetting, ...] = ()
    permissions: tuple[Permission, ...] = ()
    allowed: tuple[Allowed, ...] = ()
    contacts: tuple[Contact, ...] = ()
    fill_in: tuple[FillIn, ...] = ()
    series: tuple[Series, ...] = ()
    receivers: tuple[Receiver, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """The file as it was read."""

    def on(self, day: date) -> Mapping[str, Setting]:
        """Return the dated settings as they stood on a day: an old briefing is made again under its own rules."""
        found: dict[str, Setting] = {}
        for setting in sorted(self.dated, key=lambda s: s.since):
            if setting.since <= day or setting.name not in found:
                found[setting.name] = setting.value
        return found

    @property
    def whole(self) -> str:
        """What the office's totals are of."""
        return "各校合计" if self.source_kind == "offices" else "全校"

    @property
    def names(self) -> frozenset[str]:
        """The names that expressions in forms may use."""
        return frozenset(s.name for s in self.dated)


def read_settings(path: Path) -> Settings:
    """Return what a jianbao.toml says.

    Raises SettingsError naming every key that is wrong.
    """
    try:
        data = tomllib.loads(files.read_text(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            _("{file} 读不懂：{detail}").format(file=path.name, detail=error),
            _("文字要用英文引号括起来；等号两边是键和值。"),
        ) from error
    told = _schema_faults(_as_json(data)) or list(_time_faults(data)) or list(_order_faults(data))
    if told:
        raise SettingsError("\n".join(f"{path.name} [{where}]: {what}" for where, what in told), _("写法见 docs/settings.md。"))
    return _settings(data)


def _schema_faults(data: Any) -> list[tuple[str, str]]:
    """Return each key that the schema of settings does not take, and why; jsonschema is asked only where anything may be wrong."""
    schema = json.loads(resources.files("jianbao").joinpath("settings.schema.json").read_text("utf-8"))
    if plainly_meets(schema, data):
        return []
    from jsonschema import Draft202012Validator

    faults = sorted(Draft202012Validator(schema).iter_errors(data), key=lambda e: list(map(str, e.absolute_path)))
    return [(".".join(map(str, e.absolute_path)) or "-", _fault(e)) for e in faults]


def _as_json(value: Any) -> Any:
    """Return TOML data with its dates as text, for the schema."""
    if isinstance(value, dict):
        return {k: _as_json(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_as_json(v) for v in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def _time_faults(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the keys that should be a day or a time of day and are none: a schema sees only that they are text."""
    readers: Mapping[str, tuple[Callable[[Any], object], str]] = {
        "since": (_day, _("{found} 不是 2020-02-06 这样的日期")), "until": (_day, _("{found} 不是 2020-02-06 这样的日期")),
        "late_until": (_clock, _("{found} 不是 10:00 这样的时刻")),
    }  # fmt: skip
    entries = [(f"{table}.{number}", entry) for table in ("setting", "permission") for number, entry in enumerate(data.get(table, ()))]
    for place, entry in [*entries, ("briefing", data.get("briefing", {}))]:
        for key, (read, text) in readers.items():
            try:
                read(entry[key]) if key in entry else None
            except (ValueError, TypeError):
                yield f"{place}.{key}", text.format(found=entry[key])


def _order_faults(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what holds on no day, or twice from the same: nobody could tell from it what was in force."""
    first: dict[tuple[str, date], int] = {}
    for number, entry in enumerate(data.get("setting", ())):
        key = (entry["name"], _day(entry["since"]))
        if first.setdefault(key, number) != number:
            text = _("{name} 自 {since} 起的值写了两次（另见 setting.{other}）；删去一个，或改它的 since")
            yield f"setting.{number}.since", text.format(name=key[0], since=key[1], other=first[key])
    for number, entry in enumerate(data.get("permission", ())):
        since = _day(entry["since"])
        if _day(entry.get("until", since)) < since:
            yield f"permission.{number}.until", _("{until} 早于 since 的 {since}").format(until=entry["until"], since=since)


def _fault(error: Any) -> str:
    if error.validator == "additionalProperties":
        unknown = sorted(error.instance.keys() - error.schema["properties"].keys())
        known = listed(sorted(error.schema["properties"]))
        return _("不认识的键 {keys}；可用的有：{known}").format(keys=listed(unknown), known=known)
    if error.validator == "enum":
        value, allowed = str(error.instance), list(map(str, error.validator_value))
        return _("写的是 {found}；可用的有：{known}").format(found=value, known=listed(allowed)) + did_you_mean(value, allowed)
    return str(error.message)


def _settings(data: Mapping[str, Any]) -> Settings:
    report, source, publish, privacy = (data.get(table, {}) for table in ("report", "source", "publish", "privacy"))
    return Settings(
        school=School(**data["school"]),
        briefing=_briefing(data.get("briefing", {})),
        printing=PrintSettings(**data.get("print", {})),
        source_kind=source.get("kind", "folder"),
        inbox=source.get("path", "inbox"),
        google=_google(source),
        offices=_offices(source),
        target=publish.get("target", ""),
        groups=tuple(data.get("site", {}).get("groups", GROUPS)),
        missing_word=data.get("returns", {}).get("missing", ""),
        address=publish.get("address", ""),
        small_count=privacy.get("small_count", 5),
        retention_days=privacy.get("retention_days"),
        record=RecordSettings(**data.get("record", {})),
        engine=_engine(data.get("engine", {})),
        deadline=parse_clock(report["deadline"]) if "deadline" in report else None,
        dated=tuple(DatedSetting(**{**s, "since": _day(s["since"])}) for s in data.get("setting", ())),
        permissions=tuple(map(_permission, data.get("permission", ()))),
        allowed=tuple(Allowed(**a) for a in data.get("allow", ())),
        contacts=tuple(Contact(**c) for c in data.get("contact", ())),
        fill_in=tuple(FillIn(**f) for f in data.get("fill_in", ())),
        series=tuple(_number_series(s) for s in data.get("series", ())),
        receivers=tuple(Receiver(**r) for r in data.get("receiver", ())),
        raw=data,
    )


def _briefing(data: Mapping[str, Any]) -> BriefingSettings:
    sections = tuple(SectionSettings(**_as_tuples(s)) for s in data.get("section", ()))
    return BriefingSettings(**{**_as_tuples(data), "section": sections, "since": _day(data["since"]) if "since" in data else None})


def _as_tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}


def _google(source: Mapping[str, Any]) -> GoogleSettings | None:
    """Return what `[source]` says of online workbooks; None where sheets come from a folder."""
    if source.get("kind") != "google":
        return None
    books = tuple(BookSettings(**b) for b in source.get("book", ()))
    if not books and not source.get("folder"):
        raise SettingsError(
            _('{file} 的 [source] 写了 kind = "google"，却没有说读哪些表格').format(file=SETTINGS_FILE),
            _('写 folder = "文件夹的网址"，或逐个写 [[source.book]] 和 address；步骤见 docs/google.md。'),
        )
    return GoogleSettings(source.get("credentials", ""), source.get("folder", ""), books)


def _engine(data: Mapping[str, Any]) -> EngineSettings:
    found = EngineSettings(**data)
    if (found.kind == "dask") != bool(found.address):
        raise SettingsError(
            _('{file} 的 [engine]：kind = "dask" 和 address 要一起写').format(file=SETTINGS_FILE),
            _('例如 kind = "dask"，address = "tcp://192.168.0.10:8786"；在本机计算就删去 [engine]。'),
        )
    return found


def _offices(source: Mapping[str, Any]) -> tuple[OfficeSource, ...]:
    """Return what `[source]` says of other offices; none where sheets come from elsewhere."""
    entries = source.get("office", ()) if source.get("kind") == "offices" else ()
    found = tuple(OfficeSource(**{**o, "keys": tuple(o.get("keys", ()))}) for o in entries)
    if twice := listed(sorted(name for name, times in Counter(o.name for o in found).items() if times > 1)):
        raise SettingsError(_("{file} 的 [[source.office]] 重复：{names}").format(file=SETTINGS_FILE, names=twice), _("每个单位写一处。"))
    return found


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value)


def _clock(value: Any) -> time:
    return value if isinstance(value, time) else parse_clock(value)


def _number_series(data: Mapping[str, Any]) -> Series:
    return Series(**_as_tuples(data))


def _permission(data: Mapping[str, Any]) -> Permission:
    since = _day(data["since"])
    return Permission(
        unit=data["unit"], since=since, until=_day(data.get("until", since)), reason=data["reason"],
        late_until=_clock(data["late_until"]) if "late_until" in data else None,
    )  # fmt: skip


def allow_line(allowed: Sequence[Allowed]) -> str:
    """Return the lines of jianbao.toml that allow these phrases."""
    return "".join(f"\n[[allow]]\nphrase = {_quoted(a.phrase)}\nreason = {_quoted(a.reason)}\n" for a in allowed)


def _quoted(text: str) -> str:
    """Return text as a TOML string, which takes what JSON writes, but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
