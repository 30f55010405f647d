"""The command reference, from the program's own help in both languages.

python scripts/reference.py            write docs/commands.md
python scripts/reference.py check      write nothing; exit 1 where the file is not what would be written
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
TARGET: Final = HERE.parent / "docs" / "commands.md"
_LANGUAGES: Final = ("en", "zh_CN")

HEAD: Final = """\
# Commands

<!-- Written by scripts/reference.py from the program's own help; edit that, not this. -->

`jianbao` works on an *office*: a folder with a `jianbao.toml` in it. Without `--project` that is the folder you stand in; with it,
`--project` comes before the verb: `jianbao --project DIR check`. Every verb also answers to `-h`, and `python -m jianbao` is the
same command.

Messages are Chinese; with the environment variable `JIANBAO_LANG=en` they are English, and so is this help. What stands in the
office's own files (titles of forms and fields, sentences of rules, names of units) stays in the language it is written in,
and published pages are the same whatever the language of the terminal.

Results go to standard output. Steps, errors and advice go to standard error. `--format json` prints one object on standard output
and nothing else ([json.md](json.md)).

| Exit code | Meaning |
| ---: | --- |
| 0 | done; for `check`: the day could be judged, whatever was found |
| 1 | could not: a file, template, build or record is in the way; for `verify`: the record is not as sealed |
| 2 | wrong usage: a word of the command, a setting or a form is wrong, or the folder is no office |
| 3 | findings that block: personal data, a dead link or a fault in front matter; nothing was published |
| 4 | refused: it would change what is issued, nobody has signed, or another run is under way |

Errors in the data never give another code than 0: they are counted and stated ([findings.md](findings.md)).

`--date` is the day the reports are about. Without it a verb takes the newest day, not after today, of which the inbox has a report.
`--as-of` stands for the clock everywhere: it decides what "today" is, it is the cut-off printed with every figure, and it dates the
release. With a date and no time it means noon. Two runs with the same inbox and the same `--as-of` give the same bytes.
`--offline` works with what was last read of online spreadsheets ([google.md](google.md)) and other offices
([federation.md](federation.md)); a folder is always at hand.
"""

NOTES: Final[Mapping[str, str]] = {
    "init": """\
Writes `jianbao.toml`, `mkdocs.yml`, `.gitignore`, `.gitattributes`, `forms_schema/`, a first page in `site/`, and the folders
`inbox/` and `private/` (readable by its owner alone). Refuses a folder that is an office already (exit 2).""",
    "doctor": """\
Looks at Python, settings, git, fonts, browser, forms, permission to write, inbox and clock. Exit 1 where something needs mending.
After a failed publication the same examination runs by itself and says only what is wrong.""",
    "sample": """\
Invented people only. Refuses an inbox that holds anything (exit 2), so that real and invented sheets never mix. Prints the days.""",
    "forms": """\
Reads the inbox for rosters and units, and writes workbooks into `private/out/forms/`: a blank one of each form, and for each unit
those of its daily and weekly forms with its people filled in. `--date` is written into them beforehand. Each carries the form and
version it was made from, by which it is known again wherever it lies. Exit 2: a form was changed under its old version, or an old
column would not be recognised any more; or `--unit` with a folder outside `private`.

`--to google` shapes spreadsheets that people made ([google.md](google.md)); run twice, the second changes nothing. `forms
close` protects the rows of a day in every online spreadsheet, refused (exit 4) before the deadline; `forms open` undoes it.""",
    "pull": """\
Takes what is new or changed in the inbox into `private/snapshots/`, reads it, and judges nothing.""",
    "check": """\
Pulls first. Writes the list of people to contact into `private/lists/DAY/` where there is anybody. Issues nothing.""",
    "send-back": """\
Pulls first. Writes to `private/out/DAY/`: one copy of each sheet with problems, the cells coloured and the sentence at the end of the
row, and one list of all problems, which also names the files that could not be opened at all. Earlier copies of that day go. Online
spreadsheets get notes and colours on their cells instead, taken off when mended.""",
    "remind": """\
Pulls first. Prints a text for each unit that has something left to do, to be pasted into the unit's group; it holds no name and no
number of a person. Who has not reported goes by unit and class into `private/lists/DAY/`, for counsellors only.""",
    "figures": """\
Pulls first. A figure that nobody stated says so; it is never 0.

With `--from` and `--to` every day of a period that rows are kept of is counted anew from the ledger, a part of the rows at a time,
and a figure that is not what it was when its day was worked is marked. A day that was released is counted as of the moment of its
release, any other as of `--as-of`. On a terminal a line says how far it has come. Who counts is settled under `[engine]`
([settings.md](settings.md), [scale.md](scale.md)).""",
    "explain": """\
Pulls first. `FIGURE` is a figure's name or title. The rows shown are persons' rows: for the office, on the office's screen. The two
counts of units (`units_expected`, `units_received`) are no indicator of a form and have no explanation.""",
    "brief": """\
Pulls first. Writes `site/briefings/YEAR/DAY.md`. A text that somebody has edited is kept; where the figures under it have changed the
run is refused (exit 4) and the new text laid into `private/out/DAY/`.

With `--from` and `--to` it writes a period's [chronicle](documents.md#the-chronicle) instead: exit 2 where the last day is not
published, exit 4 where the page is signed or somebody has edited it.""",
    "publish": """\
Pulls, checks, writes the briefing, builds the site, looks through every page and attachment, seals the release in `record/` and puts
the new site into `build/public/site/`. In a git repository it commits `site/` and `record/`, and nothing else; where
`[publish] target` is set it delivers the site there. Run twice, the second run does nothing. Stopped anywhere, the old site and
record stand and the next run completes it. Pages that nothing has changed on are taken over from the site that stands, byte for
byte what rendering them again would give; `--full` renders every page, and compares the site with what was sealed. Exit 3: something
personal, a dead link or faulty front matter, listed. Exit 4: unsigned, or the day was published and its figures have changed since
(`--update`), or a published page was changed without a note.""",
    "add": """\
Writes a draft below `site/`, in the folder of its kind, and never over a page that is there. `--from` takes a `.docx`, `.html` or
`.md` file or a folder of them ([documents.md](documents.md#bringing-documents-in)); what was not taken in is said on standard
error, and the exit code is then 1.""",
    "sign": """\
Sets the signatory and the day; a kind with a series ([settings.md](settings.md#series)) gets the next number. Exit 4 where the page
is no draft, is not filled in, or its day is before that of the number before. Waits for another run that holds the office.""",
    "supersede": """\
`PAGE` keeps its address and its text, under a banner that leads to the page that took its place. That one must be signed and in
force.""",
    "withdraw": """\
With `--privacy` the page's content is taken off, and the next publication takes it out of the record's bags
([privacy.md](privacy.md#released-by-mistake)).""",
    "correct": """\
Changes the page's text and adds a change note; the state before stays readable. Exit 4 where the text does not stand there exactly
once.""",
    "wechat": """\
Writes to `private/out/wechat/`. Exit 4 where the page is not published just as it stands.""",
    "returns": """\
Pulls first. Fills the workbooks of `templates/returns/` and writes them to `private/out/returns/DAY/` ([returns.md](returns.md)). Exit 1: a
workbook asks for what is not there, or would lose something; exit 4: the day has no published briefing, or a return differs
from it. What can be written is written all the same.""",
    "supervise": """\
Pulls first. Counts for each unit the days on which it was missing, rejected or late, reported zero against its own rows, gave
counts that differ, or changed rows after the day was published (or was over); days on which nobody reported are left out. Writes
an internal page,
`site/supervision/FROM_TO.md`, which is in no public tree, and the text to send, `private/out/supervision/FROM_TO/通报.txt`; neither holds
a person. Exit 4: somebody has edited the page.""",
    "edition": """\
`close` keeps the site just as the last release sealed it in `editions/NAME/` and puts it beside the living site, with each alias as a
copy, listed as mike lists versions ([record.md](record.md)); in a git repository it commits `editions/`, and it delivers the site where
`[publish] target` is set. Exit 4: the name is taken (an alias moves with `--update-aliases` only), or the site is not as it was sealed.""",
    "preview": """\
Needs no signature and seals nothing. Listens on this computer only unless `--host` says otherwise; drafts are shown, so say otherwise
with care.""",
    "allow": """\
Adds an `[[allow]]` entry to `jianbao.toml` ([settings.md](settings.md), [privacy.md](privacy.md)).""",
    "verify": """\
Needs no inbox and changes nothing. Exit 1 where anything differs ([record.md](record.md)).""",
}
"""What a verb's help does not say: what it reads and writes, and when it refuses. A verb without a note has its help alone."""


def help_texts() -> dict[str, str]:
    """Return the help of the program and of each verb, in the language of this process; verbs in the order of the help."""
    from jianbao.messages import speak_for_click

    speak_for_click()
    import click

    from jianbao.cli.commands import jianbao

    top = click.Context(jianbao, info_name="jianbao", terminal_width=100, **jianbao.context_settings)
    texts = {"": jianbao.get_help(top)}
    for name in jianbao.list_commands(top):
        command = jianbao.get_command(top, name)
        if command is not None and not command.hidden:
            texts[name] = command.get_help(click.Context(command, parent=top, info_name=name, terminal_width=100))
    return texts


def asked(language: str) -> dict[str, str]:
    """Return the same texts in another language: words are taken when the program is imported, so by a process of its own."""
    environment = os.environ | {"JIANBAO_LANG": language, "PYTHONUTF8": "1", "PYTHONPATH": str(HERE)}
    done = subprocess.run([sys.executable, __file__, "texts"], env=environment, capture_output=True, check=True)
    found: dict[str, str] = json.loads(done.stdout.decode())
    return found


def reference() -> str:
    """Return docs/commands.md."""
    english, chinese = map(asked, _LANGUAGES)
    parts = [HEAD]
    for name, text in english.items():
        title = f"## {name}" if name else "## The program"
        note = f"\n{NOTES[name]}\n" if name in NOTES else ""
        parts.append(f"{title}\n{note}\n{_block(text)}\n{_block(chinese[name])}")
    return "\n".join(parts)


def _block(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return f"```text\n{lines}\n```\n"


def main(words: Sequence[str]) -> int:
    """Write the reference, or check it; return the exit code."""
    if list(words) == ["texts"]:
        sys.stdout.write(json.dumps(help_texts()))
        return 0
    text = reference()
    if list(words) == ["check"]:
        return 0 if TARGET.is_file() and TARGET.read_text("utf-8") == text else 1
    TARGET.write_text(text, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
