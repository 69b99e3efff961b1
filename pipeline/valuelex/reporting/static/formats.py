"""A table of results as CSV, Markdown, LaTeX and XLSX; nothing in it is a formula or a command."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from valuelex.artifacts.codecs import csv_bytes
from valuelex.reporting.static.canvas import SIMULATED
from valuelex.reporting.static.tables import Result
from valuelex.reporting.text import visible

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "[": r"{[}",  # else an option of the line end before it
    "]": r"{]}",
}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~$^-])")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LINK = re.compile(
    r"(?i)(https?(?=:)|ftp(?=:)|mailto(?=:)|javascript(?=:)|data(?=:)|www(?=\.)|\w(?=@\w))"
)
_XML_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHEET_LIMIT = 32_000  # characters that a spreadsheet's cell may hold, with room for the mark
_EPOCH = (1980, 1, 1, 0, 0, 0)


def as_csv(result: Result, *, simulated: bool) -> bytes:
    """Encode as CSV with the artifacts' own numbers.

    The first column is ``study``, ``simulated`` or ``real``: a file that is moved elsewhere still
    says what it is. Text that a spreadsheet would take for a formula is guarded by a quote.
    """
    names = ["study", *(field.key for field in result.fields)]
    kind = "simulated" if simulated else "real"
    rows = (dict(zip(names, [kind, *cells], strict=True)) for cells in result.cells())
    return csv_bytes(names, rows)


def _printed(value: Any, digits: int | None) -> str:
    if value is None:
        return ""
    if digits is None or isinstance(value, str):
        return " ".join(visible(str(value)).split())
    return f"{float(value):.{digits}f}".replace("-", "\u2212")


def as_markdown(result: Result, *, simulated: bool) -> bytes:
    """Encode as a Markdown table whose cells are plain text in every reader."""
    lines = [f"**{SIMULATED}.**", ""] if simulated else []
    lines += [f"{_markdown(result.caption)}. n = {len(result.rows)} rows.", ""]
    lines.append("| " + " | ".join(_markdown(field.heading) for field in result.fields) + " |")
    lines.append("|" + "|".join("---" if f.digits is None else "---:" for f in result.fields) + "|")
    for cells in result.cells():
        shown = [
            _markdown(_printed(c, f.digits)) for c, f in zip(cells, result.fields, strict=True)
        ]
        lines.append("| " + " | ".join(shown) + " |")
    return ("\n".join(lines) + "\n").encode("utf-8", errors="replace")


def _markdown(text: str) -> str:
    """Escape for Markdown with HTML: no mark-up, no element, no address that becomes a link."""
    plain = "".join(_HTML.get(c, c) for c in text)
    return _LINK.sub("\\1\u200b", _MARKDOWN.sub(r"\\\1", plain))


def as_latex(result: Result, *, simulated: bool) -> bytes:
    """Encode as a ``longtable`` in the manner of ``booktabs`` (both packages are needed)."""
    form = "".join("l" if field.digits is None else "r" for field in result.fields)
    said = f"{SIMULATED}. {result.caption}" if simulated else result.caption
    head = " & ".join(latex(field.heading) for field in result.fields) + r" \\"
    lines = [
        r"% needs \usepackage{booktabs,longtable}; compile with LuaLaTeX or XeLaTeX",
        rf"\begin{{longtable}}{{{form}}}",
        rf"\caption{{{latex(said)}. $n = {len(result.rows)}$ rows.}}\\",
        r"\toprule",
        head,
        r"\midrule",
        r"\endhead",
    ]
    for cells in result.cells():
        shown = [_number_or_text(c, f.digits) for c, f in zip(cells, result.fields, strict=True)]
        lines.append(" & ".join(shown) + r" \\")
    lines += [r"\bottomrule", r"\end{longtable}"]
    return ("\n".join(lines) + "\n").encode("utf-8", errors="replace")


def _number_or_text(value: Any, digits: int | None) -> str:
    printed = _printed(value, digits)
    if digits is None or isinstance(value, str):
        return latex(printed)
    return f"${printed}$".replace("\u2212", "-") if printed else ""


def latex(text: str) -> str:
    """Escape text for LaTeX: no character of it is a command."""
    return "".join(_TEX.get(c, c) for c in text)


def workbook(results: Sequence[Result], *, simulated: bool) -> bytes:
    """Encode all tables as one XLSX workbook, a sheet each; every text is text, never a formula."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for result in results:
        sheet = book.create_sheet(result.name[:31])
        head = [[SIMULATED]] if simulated else []
        head += [[result.caption], [field.heading for field in result.fields]]
        for at, cells in enumerate([*head, *result.cells()], start=1):
            for column, value in enumerate(cells, start=1):
                _put(sheet.cell(at, column), value)
        sheet.freeze_panes = f"A{len(head) + 1}"
    return _undated(book)


def _put(cell: Any, value: Any) -> None:
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = _XML_FORBIDDEN.sub("\ufffd", visible(value))[:_SHEET_LIMIT]
    cell.data_type = "s"  # the library takes text that begins with '=' for a formula
    cell.quotePrefix = True


def _undated(book: Any) -> bytes:
    """Save and pack again: the same content gives the same bytes at any hour."""
    saved, plain = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb">\d{4}-\d\d-\d\dT[^<]*<", b">1980-01-01T00:00:00Z<", data)
            new.writestr(zipfile.ZipInfo(name, date_time=_EPOCH), data, zipfile.ZIP_DEFLATED)
    return plain.getvalue()
