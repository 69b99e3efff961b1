"""Files under ``outputs/``: one writer each, and a grain, a key and a codec that they know.

``codecs`` writes bytes, ``base`` defines what an artifact is, ``table`` lists every one there is.
"""
