"""Figures and tables for print: content in, bytes of SVG, PNG, CSV, LaTeX, Markdown, XLSX out."""
