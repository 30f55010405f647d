"""What gspread's own tests taught: the answers Google gives where one would have guessed another."""

from __future__ import annotations

from typing import Any

import gspread
import pytest
from gspread.exceptions import APIError
from gspread.utils import MergeType, PasteType, ValueRenderOption

from sheets_server import Book, Server


@pytest.fixture
def book(google: Server) -> Book:
    """A book with one empty sheet, whose id is 0."""
    return google.make_book("日报")


@pytest.fixture
def sheet(book: Book, client: gspread.Client) -> gspread.Worksheet:
    """Its sheet, through gspread."""
    return client.open_by_key(book.book_id).sheet1


def get(sheet: gspread.Worksheet, **params: Any) -> Any:
    """What spreadsheets.get says of the sheet."""
    return sheet.client.spreadsheets_get(sheet.spreadsheet_id, params)["sheets"][0]


def change(sheet: gspread.Worksheet, kind: str, what: dict[str, Any]) -> Any:
    """Send one change; return its reply."""
    return sheet.client.batch_update(sheet.spreadsheet_id, {"requests": [{kind: what}]})["replies"][0].get(kind)


def span(dimension: str, start: int, end: int) -> dict[str, Any]:
    """A DimensionRange on the first sheet."""
    return {"sheetId": 0, "dimension": dimension, "startIndex": start, "endIndex": end}


def test_what_is_there_is_an_empty_object_where_the_mask_takes_all_of_it(sheet: gspread.Worksheet) -> None:
    assert get(sheet, fields="sheets.properties.tabColorStyle") == {"properties": {}}


@pytest.mark.parametrize(
    "fields", ["sheets.data.rowData.values.note", "sheets/data/rowData/values/note", "sheets(data(rowData(values(note))))"]
)
def test_rows_and_cells_without_notes_keep_their_places(sheet: gspread.Worksheet, fields: str) -> None:
    assert get(sheet, ranges="Sheet1", fields=fields) == {"data": [{}]}
    sheet.update_notes({"A1": "一", "B3": "二"})
    assert get(sheet, ranges="Sheet1", fields=fields) == {
        "data": [{"rowData": [{"values": [{"note": "一"}]}, {}, {"values": [{}, {"note": "二"}]}]}],
    }


def test_sheet_0_is_left_out_of_a_range_and_0_rows_of_an_area_are_not(sheet: gspread.Worksheet) -> None:
    made = sheet.define_named_range("A1:B2", "daily")["replies"][0]["addNamedRange"]["namedRange"]
    assert made["range"] == {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}


def test_frozen_rows_are_set_through_a_mask_with_a_stroke_and_0_is_not_told(sheet: gspread.Worksheet) -> None:
    sheet.freeze(rows=2, cols=1)
    assert get(sheet)["properties"]["gridProperties"] == {"rowCount": 1000, "columnCount": 26, "frozenRowCount": 2, "frozenColumnCount": 1}
    sheet.freeze(0, 0)
    assert get(sheet)["properties"]["gridProperties"] == {"rowCount": 1000, "columnCount": 26}
    with pytest.raises(APIError, match="can't freeze all visible rows"):
        sheet.freeze(rows=1000)


def test_a_grid_that_shrinks_loses_its_cells_and_keeps_one(book: Book, sheet: gspread.Worksheet) -> None:
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    sheet.resize(1, 1)
    sheet.resize(2, 2)
    assert sheet.get_values() == [["a"]]
    with pytest.raises(APIError, match="at least one row"):
        sheet.resize(0, 1)


def test_a_merge_empties_all_but_its_first_cell_and_takes_the_place_of_older_ones(sheet: gspread.Worksheet) -> None:
    sheet.update([[1, 2, 3], [4, 5, 6]], "A1")
    sheet.merge_cells("A1:B2", MergeType.merge_rows)
    assert [(m["startRowIndex"], m["endRowIndex"]) for m in get(sheet)["merges"]] == [(0, 1), (1, 2)]
    sheet.merge_cells("A1:C2")
    assert (len(get(sheet)["merges"]), sheet.get_values()) == (1, [["1"]])
    sheet.unmerge_cells("A1:C2")
    sheet.merge_cells("A1:B2", MergeType.merge_columns)
    assert [(m["startColumnIndex"], m["endColumnIndex"]) for m in get(sheet)["merges"]] == [(0, 1), (1, 2)]


def test_a_row_with_a_gap_is_two_tables_and_the_next_goes_under_the_last(sheet: gspread.Worksheet) -> None:
    sheet.append_row(["a", "", "c"])
    assert sheet.append_row(["d", "", "f"])["updates"]["updatedRange"] == "Sheet1!C2:E2"
    assert sheet.append_row(["g"], table_range="A1")["updates"]["updatedRange"] == "Sheet1!A2"


def test_inserted_rows_push_what_is_below(sheet: gspread.Worksheet) -> None:
    sheet.update([["a"], ["b"], [""], ["z"]], "A1")
    sheet.append_row(["c"], insert_data_option="INSERT_ROWS", table_range="A1")  # type: ignore[arg-type]  # the API's own word
    assert sheet.col_values(1) == ["a", "b", "c", "", "z"]


def test_a_formula_moves_with_its_row_and_is_read_as_it_was_typed(sheet: gspread.Worksheet) -> None:
    sheet.update_acell("B2", "=1+1")
    sheet.insert_row(["x"], 1)
    assert sheet.acell("B3", value_render_option=ValueRenderOption.formula).value == "=1+1"
    sheet.copy_range("B3", "C3:C5", PasteType.values)
    assert sheet.get_values("C3:C5", value_render_option=ValueRenderOption.formula) == [[2], [2], [2]]


def test_copies_turn_and_cuts_move(sheet: gspread.Worksheet) -> None:
    sheet.update([["a", "b"]], "A1")
    sheet.update_notes({"B1": "注"})
    grid = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}
    turned = {"sheetId": 0, "startRowIndex": 2, "endRowIndex": 4, "startColumnIndex": 0, "endColumnIndex": 1}
    change(sheet, "copyPaste", {"source": grid, "destination": turned, "pasteType": "PASTE_NORMAL", "pasteOrientation": "TRANSPOSE"})
    sheet.cut_range("A1:B1", "C1")
    assert sheet.get("A1:D4") == [["", "", "a", "b"], [], ["a"], ["b"]]
    assert (sheet.get_note("B1"), sheet.get_note("D1"), sheet.get_note("A4")) == ("", "注", "注")


def test_a_column_is_as_wide_as_its_longest_text(sheet: gspread.Worksheet) -> None:
    sheet.update([["字" * 60]], "B1")
    sheet.columns_auto_resize(0, 2)
    change(sheet, "updateDimensionProperties", {"range": span("COLUMNS", 3, 4), "properties": {"pixelSize": 7}, "fields": "pixelSize"})
    sheet.hide_columns(2, 3)
    told = get(sheet, fields="sheets.data.columnMetadata")["data"][0]["columnMetadata"]
    assert [c["pixelSize"] for c in told[:4]] == [100, 492, 100, 7]
    assert [n for n, c in enumerate(told) if c.get("hiddenByUser")] == [2]
    assert len(told) == 26


def test_rows_and_columns_are_added_at_the_end(book: Book, sheet: gspread.Worksheet) -> None:
    change(sheet, "appendDimension", {"sheetId": 0, "dimension": "ROWS", "length": 5})
    rows = [{"values": [{"userEnteredValue": {"stringValue": "a"}}, {"userEnteredValue": {"boolValue": True}}]}]
    change(sheet, "appendCells", {"sheetId": 0, "rows": rows, "fields": "userEnteredValue"})
    assert (book.sheets[0].row_count, sheet.get_values()) == (1005, [["a", "TRUE"]])


@pytest.mark.parametrize(
    ("kind", "what", "told"),
    [
        ("deleteDimension", {"range": span("ROWS", 0, 1000)}, "can't delete all the rows"),
        ("deleteDimension", {"range": span("COLUMNS", 25, 27)}, "Tried to delete index 26"),
        ("insertDimension", {"range": span("ROWS", 1001, 1002)}, "past the end"),
        ("insertDimension", {"range": span("ROWS", 3, 3)}, "must be greater"),
        ("deleteDimension", {"range": {"sheetId": 0, "startIndex": 0, "endIndex": 1}}, "No dimension specified"),
    ],
)
def test_rows_and_columns_that_are_not_there_are_refused(sheet: gspread.Worksheet, kind: str, what: dict[str, Any], told: str) -> None:
    with pytest.raises(APIError, match=told):
        change(sheet, kind, what)


def test_groups_are_told_by_their_spans_and_depth(sheet: gspread.Worksheet) -> None:
    sheet.add_dimension_group_rows(0, 4)
    sheet.add_dimension_group_rows(1, 3)
    assert [(g["range"]["startIndex"], g["depth"]) for g in sheet.list_dimension_group_rows()] == [(0, 1), (1, 2)]
    sheet.delete_dimension_group_rows(1, 3)
    sheet.delete_dimension_group_rows(0, 4)
    assert sheet.list_dimension_group_rows() == []


def test_a_filter_covers_what_it_is_given_or_everything(sheet: gspread.Worksheet) -> None:
    sheet.set_basic_filter()
    assert get(sheet)["basicFilter"]["range"]["endRowIndex"] == 1000
    sheet.set_basic_filter("B1:C2")
    assert get(sheet)["basicFilter"]["range"]["startColumnIndex"] == 1
    sheet.clear_basic_filter()
    assert "basicFilter" not in get(sheet)


def test_the_last_sheet_that_is_seen_cannot_be_hidden(sheet: gspread.Worksheet) -> None:
    with pytest.raises(APIError, match="can't hide all the sheets"):
        sheet.hide()
    assert "hidden" not in get(sheet)["properties"]


def test_sheets_are_put_in_order_and_copied_into_other_books(google: Server, book: Book, sheet: gspread.Worksheet) -> None:
    other = google.make_book("另一本", {"Copy of Sheet1": []})
    sheet.update_acell("A1", "x")
    sheet.spreadsheet.add_worksheet("b", 2, 2)
    sheet.spreadsheet.add_worksheet("a", 2, 2, index=0)
    assert [s.title for s in book.sheets] == ["a", "Sheet1", "b"]
    sheet.update_index(2)
    assert [s.title for s in book.sheets] == ["a", "Sheet1", "b"]
    sheet.update_index(3)
    assert [s.title for s in book.sheets] == ["a", "b", "Sheet1"]
    assert sheet.copy_to(other.book_id)["title"] == "Copy of Sheet1 2"
    assert other["Copy of Sheet1 2"].cell(0, 0).value == "x"


def test_a_csv_takes_the_place_of_all_sheets_under_the_books_name(google: Server, client: gspread.Client) -> None:
    book = google.make_book("名册", {"a": [["x"]], "b": []})
    client.import_csv(book.book_id, '学号,姓名\n0042,"一,二"\n')
    assert client.open_by_key(book.book_id).worksheet("名册").get_values() == [["学号", "姓名"], ["42", "一,二"]]
    assert len(book.sheets) == 1


def test_values_that_are_no_lists_are_bad_json(sheet: gspread.Worksheet) -> None:
    with pytest.raises(APIError) as error:
        sheet.update("X", "A1")
    told = "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\""
    assert (error.value.error["message"], error.value.error["status"]) == (told, "INVALID_ARGUMENT")
    assert error.value.error["details"][0]["fieldViolations"][0]["field"] == "data.values"


def test_a_protection_is_changed_in_place(book: Book, sheet: gspread.Worksheet) -> None:
    made = sheet.add_protected_range("A1:B1", description="表头")["replies"][0]["addProtectedRange"]["protectedRange"]
    wide = {"protectedRangeId": made["protectedRangeId"], "range": {"sheetId": 0, "endRowIndex": 1}}
    change(sheet, "updateProtectedRange", {"protectedRange": wide, "fields": "range"})
    (kept,) = book.sheets[0].protected
    assert (kept["range"]["endRowIndex"], kept["description"], "endColumnIndex" in kept["range"]) == (1, "表头", False)


def test_a_name_is_moved_to_another_range(sheet: gspread.Worksheet) -> None:
    made = sheet.define_named_range("A1:B2", "daily")["replies"][0]["addNamedRange"]["namedRange"]
    moved = {"namedRangeId": made["namedRangeId"], "range": {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 3}}
    change(sheet, "updateNamedRange", {"namedRange": moved, "fields": "range"})
    assert sheet.spreadsheet.values_get("daily")["range"] == "Sheet1!A2:Z3"
    with pytest.raises(APIError, match="already exists"):
        sheet.define_named_range("A1:B2", "Daily")


def test_a_book_is_renamed_and_set_to_another_zone(book: Book, sheet: gspread.Worksheet) -> None:
    sheet.spreadsheet.update_title("新名")
    sheet.spreadsheet.update_timezone("Asia/Urumqi")
    sheet.spreadsheet.update_locale("en_US")
    assert (book.title, book.time_zone, book.locale) == ("新名", "Asia/Urumqi", "en_US")
