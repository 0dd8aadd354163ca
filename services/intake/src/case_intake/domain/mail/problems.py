"""The problems of a mail, in plain sentences."""

_MOST = 50


class MailProblems:
    """Collects sentences, each once, and no more than a person would read."""

    def __init__(self) -> None:
        self._seen: dict[str, None] = {}
        self._more = 0

    def note(self, sentence: str) -> None:
        """Add a sentence."""
        if sentence in self._seen:
            return
        if len(self._seen) < _MOST:
            self._seen[sentence] = None
        else:
            self._more += 1

    def sentences(self) -> tuple[str, ...]:
        """All sentences, in order."""
        rest = (f"And {self._more} more problems.",) if self._more else ()
        return (*self._seen, *rest)
