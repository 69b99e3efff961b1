"""The Value Portrait benchmark: items loaded from the user's files, keyed by human ratings."""
