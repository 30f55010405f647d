"""Which form a sheet belongs to: the folder's title first, then the header's fit; a tie is said to be one."""

from __future__ import annotations

from typing import Final

import pytest

from jianbao.forms.load import load_forms
from jianbao.project import shipped
from jianbao.reading.identify import Ambiguous, Places, identify, named_forms
from jianbao.sources import Cell, Grid

FORMS: Final = load_forms(shipped("forms_schema"), {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"})
Rows = list[list[Cell]]

STAFF_DAY: Final[Rows] = [["部门", "姓名", "工号", "是否返省", "体温"], ["会计学院", "甲乙", "00123", "是", 36.5]]
STUDENT_DAY: Final[Rows] = [["学院", "班级", "姓名", "学号", "体温"], ["会计学院", "会计1801", "甲乙", "2018010101", 36.5]]
UNIT_DAY: Final[Rows] = [["单位名称", "异常人数", "疑似", "确诊"], ["会计学院", 0, 0, 0]]
NEWS: Final[Rows] = [["单位", "标题", "内容"], ["会计学院", "开会", "开了会"]]
STAFF_ROSTER: Final[Rows] = [["工号", "姓名", "部门", "手机号"], ["00123", "甲乙", "会计学院", "13800001234"]]
STUDENT_ROSTER: Final[Rows] = [["学号", "姓名", "学院", "班级"], ["2018010101", "甲乙", "会计学院", "会计1801"]]
UNIT_LIST: Final[Rows] = [["单位", "类别", "填报人"], ["会计学院", "教学", "甲乙"]]


def form_of(rows: Rows, file: str, sheet: str = "Sheet1") -> str | tuple[str, ...] | None:
    found = identify(Grid(sheet, rows), Places.of(file), FORMS)
    if isinstance(found, Ambiguous):
        return tuple(sorted(f.name for f in found.forms))
    return found.form if found else None


@pytest.mark.parametrize(
    ("file", "places"),
    [
        ("a.xlsx", Places((), "a")),
        ("教职工日报/会计学院.csv", Places(("教职工日报",), "会计学院")),
        ("一/二/三.四.xlsx", Places(("二", "一"), "三.四")),
        ("没有后缀", Places((), "没有后缀")),
    ],
)
def test_places(file: str, places: Places) -> None:
    assert Places.of(file) == places


HEADERS: Final[list[tuple[str, Rows, str]]] = [
    ("staff day", STAFF_DAY, "staff_daily"),
    ("student day", STUDENT_DAY, "student_daily"),
    ("unit day", UNIT_DAY, "unit_daily"),
    ("news", NEWS, "department_news"),
    ("staff roster", STAFF_ROSTER, "staff"),
    ("student roster", STUDENT_ROSTER, "students"),
    ("unit list", UNIT_LIST, "units"),
]


@pytest.mark.parametrize(("rows", "form"), [pytest.param(r, f, id=name) for name, r, f in HEADERS])
@pytest.mark.parametrize("file", ["x.xlsx", "2月6日/汇总/x.xlsx", "一/二/三/四.xls"])
def test_by_the_header_alone(rows: Rows, form: str, file: str) -> None:
    assert form_of(rows, file) == form


@pytest.mark.parametrize(
    ("file", "form"),
    [
        pytest.param("教职工日报/x.xlsx", "staff_daily", id="folder"),
        pytest.param("2.教职工日报（2月6日）/x.xlsx", "staff_daily", id="folder with a number and a day"),
        pytest.param("学生日报/会计学院/x.xlsx", "student_daily", id="folder above"),
        pytest.param("学生日报.xlsx", "student_daily", id="file's own name"),
        pytest.param("教职工日报/学生日报/x.xlsx", "student_daily", id="the innermost folder counts"),
        pytest.param("学生日报/教职工日报.xlsx", "student_daily", id="folder before file"),
        pytest.param("教师日报/x.xlsx", "staff_daily", id="a form's other title"),
    ],
)
def test_the_folder_s_title_decides(file: str, form: str) -> None:
    """A header that two forms could read: number, name, temperature."""
    rows: Rows = [["编号", "姓名", "工号", "学号", "体温"], ["1", "甲乙", "00123", "2018010101", 36.5]]
    assert form_of(rows, file) == form


def test_a_folder_s_title_outweighs_a_slightly_better_fit() -> None:
    rows: Rows = [["学号", "工号", "姓名", "班级", "体温"], ["2018010101", "00123", "甲乙", "会计1801", 36.5]]
    assert form_of(rows, "x.xlsx") == "student_daily"
    assert form_of(rows, "教职工日报/x.xlsx") == "staff_daily"


def test_a_sheet_put_into_the_wrong_folder_is_known_by_its_header() -> None:
    """The folder says staff; the sheet has no staff number at all."""
    assert form_of(STUDENT_DAY, "教职工日报/x.xlsx") == "student_daily"
    assert form_of(UNIT_DAY, "学生日报/x.xlsx") == "unit_daily"


def test_one_folder_of_rosters_holds_them_all() -> None:
    for rows, form in ((STAFF_ROSTER, "staff"), (STUDENT_ROSTER, "students"), (UNIT_LIST, "units")):
        assert form_of(rows, "花名册/x.xlsx") == form


def test_the_worksheet_s_name_helps_where_forms_fit_alike() -> None:
    rows: Rows = [["编号", "姓名", "工号", "学号", "体温"], ["1", "甲乙", "00123", "2018010101", 36.5]]
    assert form_of(rows, "x.xlsx", "学生每日健康") == "student_daily"
    assert form_of(rows, "x.xlsx", "教职工健康日报") == "staff_daily"


def test_the_title_above_the_header_helps() -> None:
    rows: Rows = [["学生健康日报"], ["编号", "姓名", "工号", "学号", "体温"], ["1", "甲乙", "00123", "2018010101", 36.5]]
    assert form_of(rows, "x.xlsx") == "student_daily"


def test_a_tie_is_ambiguous() -> None:
    rows: Rows = [["姓名", "工号", "学号", "体温"], ["甲乙", "00123", "2018010101", 36.5]]
    assert {"staff_daily", "student_daily"} <= set(form_of(rows, "x.xlsx") or ())


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="empty"),
        pytest.param([["值班表"], ["日期", "值班人"], ["2.6", "甲乙"]], id="another table"),
        pytest.param([["请于每天十点前报送，谢谢配合。"]], id="a letter"),
    ],
)
@pytest.mark.parametrize("file", ["x.xlsx", "教职工日报/x.xlsx"])
def test_no_form(rows: Rows, file: str) -> None:
    assert form_of(rows, file) is None


@pytest.mark.parametrize(
    ("places", "names"),
    [
        pytest.param(["教职工日报"], ["staff_daily"], id="one"),
        pytest.param(["花名册"], ["others", "staff", "students", "units"], id="several"),
        pytest.param(["会计学院", "学生日报"], ["student_daily"], id="the first telling place"),
        pytest.param(["会计学院"], [], id="none"),
        pytest.param([], [], id="nowhere"),
        pytest.param([""], [], id="a nameless place"),
        pytest.param(["2020-02-06"], [], id="a day only"),
    ],
)
def test_forms_a_place_is_called_after(places: list[str], names: list[str]) -> None:
    assert sorted(f.name for f in named_forms(places, FORMS)) == names


@pytest.mark.parametrize("form", sorted(f.name for f in FORMS))
def test_a_folder_called_as_the_form_is_its_own(form: str) -> None:
    spec = FORMS[form]
    for title in (spec.title, *spec.aliases):
        assert spec in named_forms([title], FORMS)


@pytest.mark.parametrize("form", sorted(f.name for f in FORMS))
def test_every_form_knows_its_own_header(form: str) -> None:
    """The header that a form hands out is read by it, each title by its field, wherever the sheet lies."""
    spec = FORMS[form]
    found = identify(Grid("Sheet1", [[f.title for f in spec.fields], ["1"] * len(spec.fields)]), Places.of("x.xlsx"), FORMS)
    assert found is not None
    assert not isinstance(found, Ambiguous)
    assert found.form == form
    assert [c.field for c in found.columns] == [f.name for f in spec.fields]
