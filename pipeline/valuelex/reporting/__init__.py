"""Artifacts in, one offline HTML page out. Nothing statistical is computed here.

``content`` says what the page is made of, ``page`` renders it, ``sections`` word and order each
part, ``figures`` draw, ``evidence`` picks the replies to quote, ``text`` and ``security`` keep what
models wrote from being anything but text.
"""
