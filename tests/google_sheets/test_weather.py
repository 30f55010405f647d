"""Each thing that goes wrong on the way: what the clerk reads, and that a second run completes the day."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sheets_server import Book

from .desk import DAY, NOON, Desk, quiet

READ = "sheets.spreadsheets.values.batchGet"
ALL_ZERO = {"教务处": "zero", "图书馆": "zero", "会计学院": "zero"}
FILE = "零报告/图书馆.gsheet"


@pytest.mark.parametrize(
    "plan",
    [
        lambda g, b: g.fail(429, book=b, retry_after=1),
        lambda g, b: g.fail(429, book=b, times=2),
        lambda g, b: g.fail(500, book=b),
        lambda g, b: g.fail(503, book=b, times=2),
        lambda g, b: g.slow(1.3, READ, book=b),
        lambda g, b: g.cut(READ, book=b),
        lambda g, b: g.cut("sheets.spreadsheets.get", at=0.1, book=b),
        lambda g, _b: g.fail(403, "drive.files.list", reason="userRateLimitExceeded"),
    ],
    ids=["429-retry-after", "429-twice", "500", "503-twice", "slow", "cut-off", "cut-off-metadata", "drive-limit"],
)
def test_what_passes_by_itself_is_not_even_mentioned(desk: Desk, plan: Callable[..., object]) -> None:
    books = desk.small_school()
    fault = plan(desk.google, books["图书馆"])
    assert desk.states() == ALL_ZERO
    assert desk.unreached() == {}
    assert fault.done >= 1, "the fault was met"


def test_an_expired_token_is_renewed(desk: Desk) -> None:
    books = desk.small_school()
    desk.google.meanwhile(desk.google.expire_tokens, READ, book=books["图书馆"])
    assert desk.states() == ALL_ZERO
    assert desk.google.count("oauth2.token") > 1


LASTING = {
    "403": (lambda g, b: g.forbid(b), ["没有权限打开", "共享", "bot@project.iam.gserviceaccount.com", "编辑者"]),
    "404": (lambda g, b: g.lose(b), ["没有这个表格", "共享", "bot@project.iam.gserviceaccount.com"]),
    "429": (lambda g, b: g.fail(429, book=b, times=None), ["限额", "再运行一次"]),
    "500": (lambda g, b: g.fail(500, book=b, times=None), ["Google 一时出错（500）", "再运行一次"]),
    "503": (lambda g, b: g.fail(503, book=b, times=None), ["Google 一时出错（503）", "再运行一次"]),
    "slow": (lambda g, b: g.slow(1.3, READ, book=b, times=None), ["等了很久没有回答", "再运行一次"]),
    "cut-off": (lambda g, b: g.cut(READ, book=b, times=None), ["回答只收到一半", "再运行一次"]),
    "portal": (lambda g, b: g.intercept("<html>请登录</html>", READ, book=b, status=403, times=None), ["回答的不是 Google", "登录"]),
    "portal-200": (lambda g, b: g.intercept("<html>请登录</html>", READ, book=b, times=None), ["回答的不是 Google", "登录"]),
}


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_named_and_costs_only_its_own_book(desk: Desk, name: str) -> None:
    """The others are used; the unit of the lost book is not missing; a second run completes the day and reads only it."""
    plan, words = LASTING[name]
    books = desk.small_school()
    fault = plan(desk.google, books["图书馆"])
    found = desk.check()
    assert {u["unit"]: u["state"] for u in found["units"]} == ALL_ZERO | {"图书馆": "unreached"}
    (said,) = [f for f in found["findings"] if f["code"] == "source-not-reached"]
    assert (said["file"], said["severity"]) == (FILE, "alert")
    assert [w for w in (*words, "不算漏报") if w not in said["message"]] == []
    assert found["figures"]["units_received"]["value"] == 2
    assert found["figures"]["units_expected"]["value"] == 3
    assert fault.done <= 20, "nobody is asked for ever"
    desk.google.faults.clear()
    desk.google.requests.clear()
    assert desk.states() == ALL_ZERO
    assert {r.book for r in desk.google.made("sheets.*")} == {books["图书馆"].book_id}


def test_a_lost_book_is_nobodys_fault_in_what_goes_out(desk: Desk) -> None:
    books = desk.small_school()
    desk.google.forbid(books["图书馆"])
    assert "未读到，不算漏报（1）：图书馆" in desk.run("check", "--date", DAY, "--as-of", NOON).output
    assert "图书馆" not in desk.run("remind", "--date", DAY, "--as-of", NOON).output
    desk.run("brief", "--date", DAY, "--as-of", NOON)
    text = (desk.root / f"site/briefings/2020/{DAY}.md").read_text("utf-8")
    assert "未报 0 个" in text
    assert "未读到（不算漏报）：图书馆。" in text


def test_people_of_a_lost_book_are_not_called_absent(desk: Desk) -> None:
    books = desk.small_school()
    desk.google.forbid(books["日报"])
    assert "未报" not in desk.run("remind", "--date", DAY, "--as-of", NOON).output
    desk.google.faults.clear()
    desk.google.type_in(books["日报"], "日报", "B3", "99999")
    assert "还有 1 人未报" in desk.run("remind", "--date", DAY, "--as-of", NOON).output


def test_a_report_read_late_only_because_google_was_away_is_not_late(desk: Desk) -> None:
    books = desk.small_school()
    sheet = books["图书馆"]["零报告"]
    sheet.fill([["", *quiet("图书馆", "窦舟琪")[1:]]], top=1)
    desk.google.forbid(books["图书馆"])
    desk.check(at="10:30")
    desk.google.faults.clear()
    assert {u["unit"]: u["late"] for u in desk.check(at="11:00")["units"]} == dict.fromkeys(ALL_ZERO, False)


def test_a_report_that_was_not_there_at_a_whole_look_after_the_deadline_is_late(desk: Desk) -> None:
    books = desk.small_school()
    sheet = books["图书馆"]["零报告"]
    sheet.fill([[""] * 8], top=1)
    desk.check(at="10:30")
    sheet.fill([["", *quiet("图书馆", "窦舟琪")[1:]]], top=1)
    books["图书馆"].touch()
    assert {u["unit"]: u["late"] for u in desk.check(at="11:00")["units"]}["图书馆"]


def test_a_book_lost_later_stands_as_it_was_last_read(desk: Desk) -> None:
    books = desk.small_school()
    desk.check()
    books["图书馆"].touch()
    desk.google.forbid(books["图书馆"])
    assert desk.states() == ALL_ZERO
    assert list(desk.unreached()) == [FILE]


# -- Nothing comes at all -------------------------------------------------------------------------------------------------

NOTHING = {
    "no-road": (lambda g: g.slow(1.3, "drive.*", times=None), ["没有读到在线表格", "等了很久没有回答", "--offline"]),
    "folder-not-shared": (lambda g: g.fail(404, "drive.files.list", times=None), ["没有这个表格，或没有共享", "--offline"]),
    "key-withdrawn": (lambda g: g.accounts.keys.clear(), ["Google 不认这把密钥", "时钟"]),
    "portal": (lambda g: g.intercept("<html>请登录</html>", "drive.*", status=407, times=None), ["回答的不是 Google", "登录"]),
    "api-off": (
        lambda g: g.fail(403, "drive.files.list", reason="accessNotConfigured", times=None),
        ["没有启用接口", "Google Sheets API", "Google Drive API"],
    ),
}


@pytest.mark.parametrize("name", NOTHING)
def test_where_not_even_the_list_comes_nothing_is_changed(desk: Desk, name: str) -> None:
    plan, words = NOTHING[name]
    desk.small_school()
    before = desk.check()
    plan(desk.google)
    done = desk.run("check", "--date", DAY, "--as-of", NOON, code=1)
    assert [w for w in words if w not in done.stderr] == []
    assert desk.check(DAY, "--offline") == before


def test_a_road_that_breaks_for_good_is_not_tried_for_every_book(desk: Desk) -> None:
    books = desk.small_school()
    desk.check()
    for n in range(20):
        desk.book(f"零报告/新{n}", {"零报告": [["说明"]]})
    fault = desk.google.fail(503, "sheets.*", times=None)
    found = desk.unreached()
    assert len(found) == 20
    assert fault.done < 20 * 6, "after a few books without an answer the others are not tried"
    assert books


# -- Somebody is working in the book -------------------------------------------------------------------------------------


def renamed(book: Book) -> None:
    """Give the sheet another name."""
    book.sheets[0].title = "零报告（改）"
    book.touch()


def column_moved(book: Book) -> None:
    """Move the unit's column to the front."""
    book.sheets[0].move("COLUMNS", 1, 2, 0)
    book.touch()


def rows_sorted(book: Book) -> None:
    """Sort the rows the other way round."""
    book.sheets[0].move("ROWS", 1, 2, 3)
    book.touch()


def sheet_added(book: Book) -> None:
    """Put a sheet before the others."""
    book.add_sheet("说明", [["说明"]])
    book.touch()


@pytest.mark.parametrize("change", [renamed, column_moved, rows_sorted, sheet_added])
def test_a_change_while_we_read_loses_nothing(desk: Desk, change: Callable[[Book], None]) -> None:
    """Between the two calls a sheet is renamed, a column moved, rows sorted: the answer is of one state, and cells are right."""
    books = desk.small_school()
    book = books["图书馆"]
    book.sheets[0].fill([quiet("图书馆", "窦舟琪"), ["2020-02-05 08:00:00", "图书馆", 43866, -1, 0, 0, "是", "窦舟琪"]], top=1)
    desk.google.meanwhile(lambda: change(book), READ, book=book)
    found = desk.check()
    assert {u["unit"]: u["state"] for u in found["units"]} == ALL_ZERO
    assert [f for f in found["findings"] if f["code"] == "source-not-reached"] == []
    again = desk.check("2020-02-05")
    (wrong,) = [f for f in again["findings"] if f["code"] == "out-of-range"]
    sheet = next(s for s in book.sheets if s.title == wrong["sheet"])
    column, row = ord(wrong["cell"][0]) - 65, int(wrong["cell"][1:]) - 1
    assert sheet.cell(row, column).value == -1, "the finding names the cell where it stands"


def test_a_sheet_renamed_again_and_again_is_named(desk: Desk) -> None:
    books = desk.small_school()
    count = iter(range(100))

    def rename() -> None:
        books["图书馆"].sheets[0].title = f"表{next(count)}"

    desk.google.meanwhile(rename, READ, book=books["图书馆"], times=None)
    (said,) = desk.unreached().values()
    assert "工作表正被改名或删除" in said
    desk.google.faults.clear()
    assert desk.states() == ALL_ZERO


@pytest.mark.slow
def test_a_day_published_without_a_book_is_completed_by_an_update(desk: Desk) -> None:
    books = desk.small_school()
    desk.google.forbid(books["图书馆"])
    words = ("publish", "--date", DAY, "--as-of", NOON)
    assert "未读到，不算漏报（1）：图书馆" in desk.run(*words).output
    assert "没有新的内容" in desk.run(*words, "--offline").output
    desk.google.faults.clear()
    assert "--update" in desk.run(*words, code=4).output
    assert "实报 3" in desk.run(*words, "--update").output
    text = (desk.root / f"site/briefings/2020/{DAY}.md").read_text("utf-8")
    assert "未读到" not in text
    assert "记录完好" in desk.run("verify").output
