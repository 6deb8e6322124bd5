"""From a question to passages: candidates of both indexes, weighed by what their words and sentences say."""
