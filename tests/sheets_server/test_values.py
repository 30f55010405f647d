"""Reading and writing values with real gspread."""

from __future__ import annotations

import gspread
import pytest
from gspread.exceptions import APIError
from gspread.utils import ValueRenderOption

from sheets_server import Server
from sheets_server.entered import Value

UNFORMATTED = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}
SHEETS: dict[str, list[list[Value]]] = {
    "2月6日": [["学号", "体温", "时间"], ["20190001", 36.5, 43867.25], ["", "", ""], ["0042", 37, ""]],
    "it's": [["一"]],
}


def refused(error: pytest.ExceptionInfo[APIError]) -> str:
    """The sentence of a refusal that the caller is at fault for."""
    assert error.value.error["status"] == "INVALID_ARGUMENT"
    return str(error.value.error["message"])


def test_one_request_reads_all_sheets_without_trailing_blanks(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报", SHEETS)
    sheet = client.open_by_key(book.book_id)
    ranges = [gspread.utils.absolute_range_name(title) for title in SHEETS]
    got = sheet.values_batch_get(ranges, params=dict(UNFORMATTED))
    assert [r["range"] for r in got["valueRanges"]] == ["'2月6日'!A1:Z1000", "'it''s'!A1:Z1000"]
    assert got["valueRanges"][0]["values"] == [["学号", "体温", "时间"], ["20190001", 36.5, 43867.25], [], ["0042", 37]]
    assert google.count("sheets.spreadsheets.values.*") == 1


def test_columns_are_read_as_columns(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报", SHEETS)
    got = client.open_by_key(book.book_id).values_get("'2月6日'!A1:B4", {"majorDimension": "COLUMNS", **UNFORMATTED})
    assert got["values"] == [["学号", "20190001", "", "0042"], ["体温", 36.5, "", 37]]


def test_what_is_typed_is_parsed_and_what_is_raw_is_not(google: Server, client: gspread.Client) -> None:
    google.make_book("日报", book_id="b" * 44)
    sheet = client.open_by_key("b" * 44).sheet1
    typed = [["2020-02-06", "0042", "98.2%", "=1+1", "TRUE"]]
    sheet.update(typed, "A1", raw=False)
    sheet.update(typed, "A2", raw=True)
    assert sheet.get("A1:E1", value_render_option=ValueRenderOption.unformatted) == [[43867, 42, 0.982, 2, True]]
    assert sheet.get("A1:E1", value_render_option=ValueRenderOption.formula) == [[43867, 42, 0.982, "=1+1", True]]
    assert sheet.get("A1:E1") == [["2020-02-06", "42", "98.20%", "2", "TRUE"]]
    assert sheet.get("A2:E2", value_render_option=ValueRenderOption.unformatted) == typed


def test_a_cell_formatted_as_text_keeps_typed_digits(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报")
    sheet = client.open_by_key(book.book_id).sheet1
    sheet.format("A1:A9", {"numberFormat": {"type": "TEXT", "pattern": "@"}})
    google.type_in(book, "Sheet1", "A1", "990101199003078888")
    google.type_in(book, "Sheet1", "B1", "990101199003078888")
    assert sheet.get("A1:B1", value_render_option=ValueRenderOption.unformatted) == [["990101199003078888", 9.901011990030789e17]]


def test_null_leaves_a_cell_and_empty_text_clears_it(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报", {"Sheet1": [["a", "b", "c"]]})
    sheet = client.open_by_key(book.book_id).sheet1
    sheet.update([[None, "", "z"]], "A1:C1")
    assert sheet.get("A1:C1") == [["a", "", "z"]]


def test_append_goes_under_the_table_and_grows_the_grid(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报", {"Sheet1": [["a", "b"], [1, 2]]})
    client.open_by_key(book.book_id).sheet1.resize(2, 2)
    sheet = client.open_by_key(book.book_id).sheet1
    done = sheet.append_rows([[3, 4], [5, 6]])
    assert done["tableRange"] == "Sheet1!A1:B2"
    assert done["updates"]["updatedRange"] == "Sheet1!A3:B4"
    assert (book["Sheet1"].row_count, sheet.get_values("A3:B4")) == (4, [["3", "4"], ["5", "6"]])


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("没有!A1", "Unable to parse range: 没有!A1"),
        ("Sheet1!A1001", "Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26"),
        ("Sheet1!A1:AB2", "Range (Sheet1!A1:AB2) exceeds grid limits. Max rows: 1000, max columns: 26"),
    ],
)
def test_a_range_that_is_not_there_is_refused(google: Server, client: gspread.Client, address: str, told: str) -> None:
    book = google.make_book("日报")
    with pytest.raises(APIError) as error:
        client.open_by_key(book.book_id).values_get(address)
    assert refused(error) == told


def test_writing_past_the_range_is_refused(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报")
    with pytest.raises(APIError) as error:
        client.open_by_key(book.book_id).sheet1.update([[1, 2, 3]], "A1:B1")
    assert refused(error) == "Requested writing within range [Sheet1!A1:B1], but tried writing to column [C]"


def test_a_batch_of_values_is_written_whole_or_not_at_all(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报")
    sheet = client.open_by_key(book.book_id).sheet1
    with pytest.raises(APIError):
        sheet.batch_update([{"range": "A1", "values": [[1]]}, {"range": "A2000", "values": [[1]]}])
    assert sheet.get("A1") == [[]]
    sheet.batch_update([{"range": "A1", "values": [[1]]}, {"range": "C3", "values": [[2]]}])
    assert sheet.get("A1:C3") == [["1"], [], ["", "", "2"]]


def test_clear_takes_values_only(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报", {"Sheet1": [["a", "b"]]})
    sheet = client.open_by_key(book.book_id).sheet1
    sheet.update_notes({"A1": "看这里"})
    sheet.batch_clear(["A1:A1"])
    assert (sheet.get("A1:B1"), sheet.get_note("A1")) == ([["", "b"]], "看这里")


def test_values_are_found_by_a_data_filter(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报", SHEETS)
    address = f"https://sheets.googleapis.com/v4/spreadsheets/{book.book_id}/values:batchGetByDataFilter"
    body = {
        "dataFilters": [{"a1Range": "'2月6日'!A1:B1"}, {"gridRange": {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2}}],
        **UNFORMATTED,
    }
    got = client.http_client.request("post", address, json=body).json()
    assert [v["valueRange"]["values"] for v in got["valueRanges"]] == [[["学号", "体温"]], [["20190001", 36.5, 43867.25]]]
