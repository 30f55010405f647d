"""The gate before a release: nothing personal, no dead link, no page that lacks its particulars.

Checks take an iterator of (path, bytes) and return what they found; they read no disk and stop nothing themselves.
"""
