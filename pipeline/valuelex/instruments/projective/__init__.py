"""The sentence-completion test: composing forms, judging completions, scoring."""
