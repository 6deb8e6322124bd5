"""How much a model reads at once, and who gets how much of it: answer, instructions, earlier turns, passages."""

from __future__ import annotations

from dataclasses import dataclass

from chains.tokens import Count, counter
from core.settings import Settings

# Tokens of the context window of OpenAI's models, by how their names begin (the longest that fits). What a local server
# takes is its own choice, whatever its model could read: it gets the default.
WINDOWS = {
    "gpt-5": 272_000,  # that it reads; what it writes is counted apart
    "gpt-5-chat": 128_000,
    "gpt-4.1": 1_047_576,
    "gpt-4o": 128_000,
    "chatgpt-4o": 128_000,
    "gpt-4-turbo": 128_000,
    "gpt-4-32k": 32_768,
    "gpt-4": 8_192,
    "gpt-3.5-turbo": 16_385,
    "o1": 200_000,
    "o1-mini": 128_000,
    "o1-preview": 128_000,
    "o3": 200_000,
    "o4-mini": 200_000,
}
WINDOW = 8_192  # of a model that is not known
FRAME_TOKENS = 64  # roles and marks that servers put around messages
MEMORY_SHARE = 0.25  # of what is left for reading


@dataclass(frozen=True, slots=True)
class Budget:
    """Tokens of one call of a model."""

    window: int  # that the model reads and writes together
    answer: int  # kept free for what it writes
    memory: int  # most that earlier turns may take
    count: Count  # tokens of a text

    def reading(self, *texts: str) -> int:
        """Tokens that are left to read beside these texts; may be less than zero."""
        return self._readable - sum(map(self.count, texts))

    def surely_fits(self, *texts: str) -> bool:
        """Whether these texts fit whatever the model's tokens are, of which each has a byte at least."""
        return sum(len(text.encode("utf-8", "replace")) for text in texts) <= self._readable

    @property
    def _readable(self) -> int:
        return self.window - min(self.answer, self.window // 2) - FRAME_TOKENS

    def remembering(self, *texts: str) -> int:
        """Tokens that earlier turns may take beside these texts; they never crowd out the passages."""
        return max(0, min(self.memory, int(self.reading(*texts) * MEMORY_SHARE)))


def budget_of(settings: Settings) -> Budget:
    """The budget of the model of the settings."""
    provider, _, name = settings.model.partition(":")
    window = settings.context_tokens or window_of(provider, name)
    return Budget(window, settings.answer_tokens, settings.memory_tokens, counter(provider, name))


def window_of(provider: str, name: str) -> int:
    """Tokens of the context window of a model, by its name."""
    known = [begin for begin in WINDOWS if provider == "openai" and name.startswith(begin)]
    return WINDOWS[max(known, key=len)] if known else WINDOW
