"""Every error that Parapet raises on purpose. Messages say what is wrong, where, and what to do.

ParapetError
├── SettingsError        a setting or policy is wrong: all faults at once        exit 2
├── UsageError           the request itself can't be carried out                 exit 2
├── RefusedDocument      one document can't be ingested; the rest goes on        exit 1
├── LibraryError         the index can't be read or written as it stands         exit 2
│   └── EmbedderMismatch the index was built by another embedder
├── DatabaseError        the database can't be reached or is of another version  exit 2
├── GuardFailure         a guard could not judge (the rail turns it into a verdict)
└── ModelFailure         the language model gave no usable answer (the assistant falls back)
"""


class ParapetError(Exception):
    """Root of the tree: anything below it is told to the user without a traceback."""

    exit_code = 2


class SettingsError(ParapetError):
    """One or more settings are wrong; `faults` holds a line for each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("Wrong settings:\n" + "\n".join(f"  - {fault}" for fault in faults))


class UsageError(ParapetError):
    """The request can't be carried out as it was put: a missing file, an empty question, an unknown name."""


class RefusedDocument(ParapetError):
    """A document was not ingested, and why: `code` is stable, the message is for people."""

    exit_code = 1

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(reason)


class LibraryError(ParapetError):
    """The index of documents can't be read or written as it stands."""


class EmbedderMismatch(LibraryError):
    """The index was built by another embedder than the one in use; their vectors can't be compared."""


class DatabaseError(ParapetError):
    """The database can't be reached, or its schema is newer than this program."""


class GuardFailure(ParapetError):
    """A guard could not judge. The rail turns this into the verdict that its policy names."""


class ModelFailure(ParapetError):
    """The language model gave no usable answer: not reachable, refused, cut off. `kind` names which."""

    def __init__(self, kind: str, reason: str) -> None:
        self.kind = kind
        self.reason = reason
        super().__init__(reason)
