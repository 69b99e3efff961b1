"""Figures as plain plotly specifications (``data`` and ``layout``), one module per topic.

No label in them comes unescaped from a model: every string passes ``text.plot_label``, because the
plotting library obeys a subset of HTML in labels.
"""
