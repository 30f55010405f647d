"""Documents on paper and as single files: official PDF (PDF/A), self-contained HTML, bound volumes.

The text is parsed by the very Markdown engine and extensions of the site, and handed to the typesetter as data.
"""
