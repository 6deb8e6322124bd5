"""guardrails-ai validators as another package would bring them: for showing that the policy can name them."""

from core.quiet import quiet

quiet()

from threading import Event  # noqa: E402
from typing import Any  # noqa: E402

from guardrails.validator_base import FailResult, PassResult, Validator, register_validator  # noqa: E402
from guardrails_ai.types import ErrorSpan  # noqa: E402


@register_validator(name="tests/no-word", data_type="string")
class NoWord(Validator):
    """Fails on one word."""

    def __init__(self, word: str, on_fail: str | None = None) -> None:
        super().__init__(on_fail=on_fail, word=word)
        self.word = word

    def _validate(self, value: Any, metadata: dict[str, Any]) -> PassResult | FailResult:
        at = value.find(self.word)
        if at < 0:
            return PassResult()
        return FailResult(
            error_message=f"{self.word} is not said here",
            error_spans=[ErrorSpan(start=at, end=at + len(self.word), reason=self.word)],
        )


@register_validator(name="tests/breaks", data_type="string")
class Breaks(Validator):
    """Never works."""

    def _validate(self, value: Any, metadata: dict[str, Any]) -> PassResult | FailResult:
        raise RuntimeError("a foreign fault")


@register_validator(name="tests/wants", data_type="string")
class Wants(Validator):
    """Wants metadata that nobody gives."""

    required_metadata_keys = ["colour"]  # noqa: RUF012  as guardrails-ai declares it

    def _validate(self, value: Any, metadata: dict[str, Any]) -> PassResult | FailResult:
        return PassResult()


@register_validator(name="tests/hangs", data_type="string")
class Hangs(Validator):
    """Does not come back before somebody opens its gate."""

    gate = Event()

    def __init__(self, on_fail: str | None = None) -> None:
        super().__init__(on_fail=on_fail)

    def _validate(self, value: Any, metadata: dict[str, Any]) -> PassResult | FailResult:
        self.gate.wait(60)
        return PassResult()
