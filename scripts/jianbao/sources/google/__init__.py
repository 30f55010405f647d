"""Online workbooks: Google Sheets as the live source. The one home of gspread and google-auth.

A book's answer is kept as it came and read like any other snapshot, so that a day can be worked again without
Google. Everything here was checked against an emulator, not against Google itself.
"""
