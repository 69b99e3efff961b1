"""Who answers: one verb over a batch of requests, replies streamed out as they finish."""
