"""Templates: laid out by jinja2, in a sandbox, with nothing missing and nothing unescaped.

Text that came from a sheet or a setting is data: every ASCII mark that Markdown or HTML could read is written as
a character reference, which both show as the mark itself. Only what our own templates wrote stays markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from jinja2 import FileSystemLoader, StrictUndefined, UndefinedError
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from jianbao.clock import spoken_day, spoken_moment, spoken_month_day, spoken_period
from jianbao.errors import TemplateError
from jianbao.messages import _

SHIPPED: Final = Path(__file__).parent / "templates"
_MARKS: Final = re.compile(r"[!-+\[-`{-~<=>@|]")  # ASCII marks but , - . / : ; ?
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_BLANK_LINES: Final = re.compile(r"\s*\n\s*")
_BULLET: Final = re.compile(r"^(\d{0,9})([-.:])")
_STOPS: Final = tuple("。！？；：…”）.!?;:")
_NUMERALS: Final = "〇一二三四五六七八九"


def literal(text: str) -> Markup:
    """Return text that Markdown and HTML show just as it stands, in one paragraph."""
    flat = " ".join(_CONTROL.sub("", text).split())
    return Markup(_MARKS.sub(lambda m: f"&#{ord(m[0])};", flat))  # noqa: S704  # every mark is a reference by now


def paragraphs(text: str) -> list[Markup]:
    """Return each paragraph of a longer text, safe as it stands: no list, no rule, no heading is made of it."""
    said = [literal(p) for p in _BLANK_LINES.split(text.strip()) if p.strip()]
    return [Markup(_BULLET.sub(lambda m: f"{m[1]}&#{ord(m[2])};", p)) for p in said]  # noqa: S704  # as above


def stopped(text: str) -> Markup:
    """Return a longer text as one paragraph: a line that ends without a mark gets one, the last a full stop."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    said = "".join(line if line.endswith(_STOPS) else f"{line}；" for line in lines).removesuffix("；")
    return literal(said if said.endswith(_STOPS) else f"{said}。")


def link(target: str) -> Markup:
    """Return a link's target, percent-encoded; one with a scheme of its own but http(s) leads nowhere."""
    scheme = urlsplit(target).scheme
    if scheme and scheme not in ("http", "https"):
        return Markup("#")
    return Markup(quote(target, safe="/.#-_~:?=&%,+"))  # noqa: S704  # nothing is left that could end the target


def numeral(number: int) -> str:
    """Return a number below 100 as a heading writes it: 1 → 一, 12 → 十二, 20 → 二十."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return head + ("" if ones == 0 and tens else _NUMERALS[ones])


def _finalize(value: Any) -> Any:
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, datetime):
        return spoken_moment(value)
    return spoken_day(value) if isinstance(value, date) else value


def environment(own: Path | None) -> SandboxedEnvironment:
    """Return the templates' environment; a file of the same name in `own` replaces ours."""
    return _environment(tuple(str(p) for p in (own, SHIPPED) if p is not None and p.is_dir()))


@lru_cache(maxsize=2)
def _environment(folders: tuple[str, ...]) -> SandboxedEnvironment:
    """Return the environment over some folders; its templates are compiled once, and again when their files change."""
    env = SandboxedEnvironment(
        loader=FileSystemLoader(folders, encoding="utf-8"), undefined=StrictUndefined, finalize=_finalize, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True, autoescape=True,
    )  # fmt: skip
    env.filters |= {
        "numeral": numeral, "paragraphs": paragraphs, "literal": literal, "link": link, "cutoff": spoken_moment, "stopped": stopped,
        "monthday": spoken_month_day, "period": spoken_period,
    }  # fmt: skip
    return env


def render(own: Path | None, name: str, values: Mapping[str, Any]) -> str:
    """Return a template filled in.

    Raises TemplateError where it asks for a value that is not given, or cannot be read.
    """
    try:
        text = environment(own).get_template(name).render(values)
    except UndefinedError as error:
        raise TemplateError(
            _("模板 {name} 用到的值没有给出：{detail}").format(name=name, detail=error.message),
            _("可用的值见 docs/templates.md。"),
        ) from error
    except JinjaError as error:
        line = getattr(error, "lineno", None)
        where = _("第 {line} 行").format(line=line) if line else ""
        raise TemplateError(_("模板 {name} {where}有错：{detail}").format(name=name, where=where, detail=error)) from error
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
