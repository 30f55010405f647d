"""What can stop the work, as one tree; only `jianbao.cli` turns it into words and an exit code.

Exit codes (docs/commands.md): 0 done, 1 could not, 2 wrong usage, 3 findings that block, 4 refused.
A problem in a sheet or a page is no exception but a `values.Finding`.
"""

from __future__ import annotations

from typing import ClassVar


class JianbaoError(Exception):
    """Work that cannot go on, with a sentence for the person at the desk and what to do next.

    `message` says what and where; `advice` says the next step, or is empty.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class NotAnOffice(JianbaoError):
    """The folder holds no jianbao.toml."""

    exit_code = 2


class SettingsError(JianbaoError):
    """jianbao.toml says something it cannot mean."""

    exit_code = 2


class FormError(JianbaoError):
    """A form file under forms_schema/ is wrong."""

    exit_code = 2


class UsageError(JianbaoError):
    """The command's words do not fit together, or name something that is not there."""

    exit_code = 2


class SourceUnreached(JianbaoError):
    """The source of the sheets could not be reached at all; what was fetched before is untouched."""


class Blocked(JianbaoError):
    """Findings of the gate, of links or of front matter hold the release back."""

    exit_code = 3


class Refused(JianbaoError):
    """The run would change what is issued, or the page is not signed."""

    exit_code = 4


class TemplateError(JianbaoError):
    """A template asks for a value that nobody gives, or cannot be read."""


class BuildError(JianbaoError):
    """The site could not be built."""


class RecordError(JianbaoError):
    """The official record is not what it says it is."""


class LedgerChanged(JianbaoError):
    """Kept rows are not there, or are others than when the count began."""


class ClusterLost(JianbaoError):
    """The cluster is not there, or went away before everything was counted; nothing of what it counted is used."""
