"""The instruments as tasks of Inspect AI (the extra `inspect`), found there by entry point.

``inspect eval valuelex/projective --model openai/...`` gives a released projective test,
``inspect eval valuelex/pvq`` the portrait questionnaire. What has no verdict is unscored, never 0.
"""
