"""The key that opens the books: a service account's, or a person's own consent. Never in the office, never readable by others."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jianbao import files
from jianbao.errors import SettingsError
from jianbao.messages import _

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

VARIABLES: Final = ("JIANBAO_GOOGLE_KEY", "GOOGLE_APPLICATION_CREDENTIALS")
READING: Final = ("https://www.googleapis.com/auth/spreadsheets.readonly", "https://www.googleapis.com/auth/drive.metadata.readonly")
WRITING: Final = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive.metadata.readonly")


def key_path(named: str, root: Path) -> Path:
    """Return where the key file is: as jianbao.toml names it, else as an environment variable does.

    Raises SettingsError where nothing names one, it is not there, it stands in the office or in a repository, or
    others than its owner can read it.
    """
    text = named or next((os.environ[v] for v in VARIABLES if os.environ.get(v)), "")
    if not text:
        raise SettingsError(
            _("没有说谷歌表格的密钥文件在哪里"),
            _('在 jianbao.toml 的 [source] 写 credentials = "密钥文件的路径"，或设环境变量 {variable}；怎样取得见 docs/google.md。').format(
                variable=VARIABLES[0]
            ),
        )
    path = Path(text).expanduser()
    path = (path if path.is_absolute() else root / path).resolve()
    if not path.is_file():
        raise SettingsError(_("找不到密钥文件 {path}").format(path=path), _("核对 [source] credentials 的写法；路径用 / 分隔。"))
    _apart(path, root.resolve())
    _unread_by_others(path)
    return path


def _apart(path: Path, root: Path) -> None:
    """Refuse a key in the office or in a repository: both are copied, committed and backed up."""
    repository = next((p for p in path.parents if (p / ".git").exists()), None)
    if path.is_relative_to(root) or repository:
        raise SettingsError(
            _("密钥文件 {path} 放在{place}里，会随它一起被复制、提交").format(
                path=path, place=_("办公室文件夹") if path.is_relative_to(root) else _("代码仓库 {folder} ").format(folder=repository)
            ),
            _("请移到别处，例如 {folder}，并改 [source] credentials。").format(folder=Path.home() / "jianbao-key.json"),
        )


def _unread_by_others(path: Path) -> None:
    """Refuse a key that other accounts of this machine can read.

    On Windows the rights of a file below the user's profile are the user's own; elsewhere nothing says so.
    """
    if os.name == "posix":
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            raise SettingsError(
                _("密钥文件 {path} 别人也能读（权限 {mode:o}）").format(path=path, mode=mode),
                _("运行 chmod 600 {path}，再试一次。若别人可能已经看过，请在 Google 一侧删掉这把密钥，另建一把。").format(path=path),
            )
    elif not path.is_relative_to(Path.home().resolve()):
        raise SettingsError(
            _("密钥文件 {path} 不在本人的用户文件夹里，别人也可能读到").format(path=path),
            _('请移到 {home} 之下，再运行 icacls "{path}" /inheritance:r /grant:r "%USERNAME%:R"。').format(home=Path.home(), path=path),
        )


def load_key(path: Path, scopes: Sequence[str]) -> Credentials:
    """Return the credentials in a key file, a service account's or a person's.

    Raises SettingsError where it holds neither.
    """
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2.credentials import Credentials as UserCredentials
    from google.oauth2.service_account import Credentials as ServiceCredentials

    try:
        data = json.loads(files.read_text(path))
        kind = data.get("type") if isinstance(data, Mapping) else None
        if kind == "service_account":
            service: Credentials = ServiceCredentials.from_service_account_info(data, scopes=list(scopes))  # type: ignore[no-untyped-call]  # google-auth's
            return service
        if kind == "authorized_user":
            person: Credentials = UserCredentials.from_authorized_user_info(data, scopes=list(scopes))  # type: ignore[no-untyped-call]  # google-auth's
            return person
    except (ValueError, GoogleAuthError) as error:
        raise _no_key(path, str(error)) from error
    raise _no_key(path, _("type 是 {kind}，应为 service_account 或 authorized_user").format(kind=kind))


def _no_key(path: Path, detail: str) -> SettingsError:
    return SettingsError(
        _("{path} 不是可用的密钥文件：{detail}").format(path=path, detail=detail),
        _("请重新下载 JSON 格式的密钥，步骤见 docs/google.md。"),
    )


def owner_of(credentials: Credentials) -> str:
    """Return the address that books are to be shared with; empty for a person's own consent."""
    return str(getattr(credentials, "service_account_email", "") or "")
