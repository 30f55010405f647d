"""The language of `when:` and `where:`: three-valued, and nothing more than it says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.forms.expression import Expression, ExpressionError, Setting

TYPES: Final = pa.schema([
    ("temperature", pa.float64()), ("symptoms", pa.string()), ("returned", pa.bool_()), ("contact", pa.bool_()),
    ("returned_on", pa.date32()),
    ("place", pa.string()), ("received", pa.int64()), ("expected", pa.int64()), ("submitted_at", pa.timestamp("s")),
])  # fmt: skip
SETTINGS: Final[dict[str, Setting]] = {"fever_threshold": 37.2, "observation_days": 14, "since": date(2020, 1, 20), "province": "吉林"}


def holds(text: str, **row: Any) -> bool:
    """Return whether a condition holds for one row; what is not given is blank."""
    table = pa.Table.from_pylist([{name: row.get(name) for name in TYPES.names}], TYPES)
    (answer,) = Expression(text).holds(table, SETTINGS).to_pylist()
    assert isinstance(answer, bool)
    return answer


TRUE_AND_FALSE: Final[list[tuple[str, dict[str, Any], bool]]] = [
    ("temperature > 37.2", {"temperature": 37.3}, True),
    ("temperature > 37.2", {"temperature": 37.2}, False),
    ("temperature >= 37.2", {"temperature": 37.2}, True),
    ("temperature < 36", {"temperature": 35.9}, True),
    ("temperature <= 36", {"temperature": 36.0}, True),
    ("temperature == 36", {"temperature": 36.0}, True),
    ("temperature != 36", {"temperature": 36.5}, True),
    ("36 < temperature <= 37.2", {"temperature": 36.5}, True),
    ("36 < temperature <= 37.2", {"temperature": 37.5}, False),
    ("36 < temperature <= 37.2", {"temperature": 35.5}, False),
    ("temperature > fever_threshold", {"temperature": 37.3}, True),
    ("temperature > fever_threshold + 1", {"temperature": 38.0}, False),
    ("fever_threshold > 40", {}, False),
    ("fever_threshold > 30", {}, True),
    ("returned", {"returned": True}, True),
    ("returned", {"returned": False}, False),
    ("not returned", {"returned": False}, True),
    ("returned == True", {"returned": True}, True),
    ("returned == False", {"returned": True}, False),
    ("returned and contact", {"returned": True, "contact": True}, True),
    ("returned and not contact", {"returned": True, "contact": True}, False),
    ("returned or contact", {"returned": False, "contact": True}, True),
    ("(returned or contact) and temperature > 37", {"returned": True, "temperature": 36.0}, False),
    ("received < expected", {"received": 19, "expected": 20}, True),
    ("expected - received > 3", {"received": 16, "expected": 20}, True),
    ("received * 2 == expected", {"received": 10, "expected": 20}, True),
    ("received + 1 == expected", {"received": 19, "expected": 20}, True),
    ("received / expected >= 0.9", {"received": 19, "expected": 20}, True),
    ("received / expected < 0.9", {"received": 19, "expected": 20}, False),
    ("received > -1", {"received": 0}, True),
    ("place == '湖北'", {"place": "湖北"}, True),
    ("place != '湖北'", {"place": "武汉"}, True),
    ("place in ('湖北', '武汉')", {"place": "武汉"}, True),
    ("place in ['湖北', '武汉']", {"place": "长春"}, False),
    ("place not in ('湖北', '武汉')", {"place": "长春"}, True),
    ("place == province", {"place": "吉林"}, True),
    ("received in (1, 2, 3)", {"received": 2}, True),
    ("has(symptoms, '发热')", {"symptoms": "发热"}, True),
    ("has(symptoms, '发热')", {"symptoms": "干咳、发热"}, True),
    ("has(symptoms, '热')", {"symptoms": "发热"}, False),
    ("has(symptoms, '发热', '干咳')", {"symptoms": "乏力、干咳"}, True),
    ("has(symptoms, '发热', '干咳')", {"symptoms": "乏力"}, False),
    ("not has(symptoms, '发热')", {"symptoms": "乏力"}, True),
    ("given(symptoms)", {"symptoms": "无"}, True),
    ("given(symptoms)", {}, False),
    ("blank(symptoms)", {}, True),
    ("blank(symptoms)", {"symptoms": "无"}, False),
    ("given(temperature) and blank(symptoms)", {"temperature": 36.5}, True),
    ("returned_on >= '2020-02-01'", {"returned_on": date(2020, 2, 1)}, True),
    ("returned_on < '2020-02-01'", {"returned_on": date(2020, 2, 1)}, False),
    ("'2020-02-01' <= returned_on", {"returned_on": date(2020, 2, 1)}, True),
    ("returned_on > since", {"returned_on": date(2020, 1, 21)}, True),
    ("True", {}, True),
    ("1 == 2", {}, False),
]


@pytest.mark.parametrize(("text", "row", "answer"), TRUE_AND_FALSE, ids=[f"{t} {list(r.values())}" for t, r, _a in TRUE_AND_FALSE])
def test_conditions(text: str, row: dict[str, Any], answer: bool) -> None:
    assert holds(text, **row) is answer


UNKNOWN: Final = [
    "temperature > 37.2", "not temperature > 37.2", "temperature == 37.2", "temperature != 37.2", "not (temperature != 37.2)",
    "36 < temperature < 37", "returned",
    "not returned", "returned == False", "place == '湖北'", "place != '湖北'", "place in ('湖北',)", "place not in ('湖北',)",
    "not place in ('湖北',)",
    "has(symptoms, '发热')", "not has(symptoms, '发热')", "received + 1 > 0", "received / expected > 0", "returned_on > '2020-01-01'",
    "not returned_on > '2020-01-01'",
    "returned and contact", "returned or contact", "submitted_at > submitted_at", "-received < 1", "temperature > 37.2 or place == '湖北'",
]  # fmt: skip


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_blank_answer_makes_a_condition_unknown_and_never_true(text: str) -> None:
    assert holds(text) is False
    assert holds(f"not ({text})") is False


@pytest.mark.parametrize(("one", "two"), [(a, b) for a in (True, False, None) for b in (True, False, None)])
def test_kleene(one: bool | None, two: bool | None) -> None:
    """And, or and not over true, false and unknown, as SQL has them."""
    both = False if False in (one, two) else None if None in (one, two) else True
    either = True if True in (one, two) else None if None in (one, two) else False
    row = {"returned": one, "contact": two}
    assert holds("returned and contact", **row) is (both is True)
    assert holds("not (returned and contact)", **row) is (both is False)
    assert holds("returned or contact", **row) is (either is True)
    assert holds("not (returned or contact)", **row) is (either is False)


@pytest.mark.parametrize("text", ["received / expected < 0.9", "received / expected >= 0.9", "not received / expected < 0.9"])
def test_a_share_of_nothing_is_unknown(text: str) -> None:
    """A unit that expects nobody is no reason for the run to stop."""
    assert holds(text, received=0, expected=0) is False


def test_every_row_has_its_own_answer() -> None:
    table = pa.table({"temperature": pa.array([36.5, None, 37.5, 37.2]), "symptoms": pa.array(["无", "发热", None, "干咳"])})
    assert Expression("temperature > 37.2 or has(symptoms, '发热')").holds(table, {}).to_pylist() == [False, True, True, False]


def test_no_rows_no_answers() -> None:
    assert Expression("temperature > fever_threshold").holds(TYPES.empty_table(), SETTINGS).to_pylist() == []


def test_a_column_in_several_chunks() -> None:
    table = pa.concat_tables([pa.table({"temperature": pa.array([x])}) for x in (36.5, 37.5)])
    assert Expression("temperature > 37").holds(table, {}).to_pylist() == [False, True]


def test_a_field_hides_a_setting_of_its_name() -> None:
    table = pa.table({"fever_threshold": pa.array([1.0])})
    assert Expression("fever_threshold < 2").holds(table, SETTINGS).to_pylist() == [True]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("temperature > fever_threshold", {"temperature", "fever_threshold"}),
        ("given(a) and b in ('x', 'y') or not c", {"a", "b", "c"}),
        ("has(a, 'x')", {"a"}),
        ("a + b * -c / 2 < d", {"a", "b", "c", "d"}),
        ("1 < 2", set()),
    ],
)
def test_names(text: str, names: set[str]) -> None:
    assert Expression(text).names == names


REFUSED: Final = [
    "", " ", "temperature >", "temperature = 37", "a b", "import os", "a; b", "a := 1", "(a := 1)", "lambda: 1", "lambda x: x",
    "[x for x in y]", "{x: y}", "{x}",
    "a if b else c", "a.b.c", "a.__class__", "a[0]", "a[1:2]", "f(a)", "__import__('os')", "open('x')", "eval('1')",
    "given()", "given(a=1)",
    "given(*a)", "has(**a)",
    "print(a)", "a ** b", "a // b", "a % b", "a << 1", "a & b", "a | b", "a ^ b", "~a", "+a", "a @ b", "a is b", "a is not None", "None",
    "...", "b'x'", "1j", "f'{a}'",
    "await a", "yield a", "*a", "a.b()", "given(a).b", "(lambda: a)()", "a == None", "x in None",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_part_of_the_language(text: str) -> None:
    with pytest.raises(ExpressionError) as error:
        _ = Expression(text).names
    assert str(error.value)


SELDOM: Final = [
    pytest.param("has(symptoms)", id="has what?"),
    pytest.param("has(symptoms, place)", id="has a name, not a text"),
    pytest.param("has(symptoms, 1)", id="has a number"),
    pytest.param("given(symptoms, place)", id="given two"),
    pytest.param("place in symptoms", id="in a name"),
    pytest.param("place in '湖北'", id="in a text"),
    pytest.param("place in (symptoms, '湖北')", id="in a list with a name"),
    pytest.param("place in ()", id="in nothing"),
    pytest.param("place in ('湖北', 1)", id="in a mixed list"),
    pytest.param("(1, 2)", id="a list alone"),
    pytest.param("place == ('湖北',)", id="equal to a list"),
]


@pytest.mark.parametrize("text", SELDOM)
def test_what_could_not_be_worked_out_is_refused_when_it_is_read(text: str) -> None:
    """A mistake in a form is told with its line when the form is loaded, not with a traceback when a day is worked."""
    with pytest.raises(ExpressionError):
        _ = Expression(text).names


LEAVES: Final = st.sampled_from([
    "temperature > 37.2", "returned", "contact", "place == '湖北'", "place in ('湖北', '武汉')", "has(symptoms, '发热')",
    "given(temperature)", "blank(symptoms)",
    "received < expected", "returned_on > '2020-01-01'", "36 < temperature < 38", "received + 1 > expected * 2",
])  # fmt: skip
CONDITIONS: Final = st.recursive(
    LEAVES, lambda inner: st.one_of(inner.map(lambda x: f"not ({x})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda x: f"({x[0]} {x[1]} {x[2]})")), max_leaves=6
)  # fmt: skip
ROWS: Final = st.fixed_dictionaries({
    "temperature": st.none() | st.sampled_from([36.5, 37.2, 37.5]), "symptoms": st.none() | st.sampled_from(["无", "发热", "干咳、发热"]),
    "returned": st.none() | st.booleans(), "contact": st.none() | st.booleans(),
    "returned_on": st.none() | st.dates(date(2019, 12, 1), date(2020, 3, 1)),
    "place": st.none() | st.sampled_from(["湖北", "武汉", "长春"]), "received": st.none() | st.integers(0, 9),
    "expected": st.none() | st.integers(0, 9),
    "submitted_at": st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2020, 3, 1)).map(lambda x: x.replace(microsecond=0)),
})  # fmt: skip


@settings(max_examples=150)
@given(CONDITIONS, st.lists(ROWS, min_size=1, max_size=6))
def test_a_condition_and_its_contrary_never_both_hold(text: str, rows: list[dict[str, Any]]) -> None:
    """And twice not is the same again; a row alone says what it says among others."""
    table = pa.Table.from_pylist(rows, TYPES)
    yes, no, again = (Expression(t).holds(table, SETTINGS).to_pylist() for t in (text, f"not ({text})", f"not (not ({text}))"))
    assert not any(a and b for a, b in zip(yes, no, strict=True))
    assert yes == again
    assert yes == [holds(text, **row) for row in rows]
