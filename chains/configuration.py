"""The settings with everything checked that only the upper floors know: the guards' policy and the model's provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core import plugins
from core.models import check_models
from core.settings import Settings, config_file, load
from guards.live import LivePolicy
from guards.policy import check_tables, read_policy

PROVIDERS = "chains.models"
_WITHOUT_NAME = frozenset({"extractive", "scripted"})


def read_settings(flags: Mapping[str, Any] | None = None) -> Settings:
    """The settings in force; SettingsError tells every fault at once."""
    return load(flags, checks={"guards": check_tables, "model": check_model, "models": check_models})


def live_policy() -> LivePolicy:
    """The guards' policy, which follows parapet.toml while a program runs; SettingsError when it is faulty now."""
    return LivePolicy(lambda: read_policy(read_settings().guards), config_file())


def check_model(value: Any) -> list[str]:
    """What is wrong with `provider:name`, if anything."""
    provider, _, name = str(value).partition(":")
    if provider not in plugins.names(PROVIDERS):
        known = ", ".join(p if p in _WITHOUT_NAME else f"{p}:NAME" for p in plugins.names(PROVIDERS))
        return [f"no such provider {provider!r} (known: {known})"]
    if not name and provider not in _WITHOUT_NAME:
        return [f"names no model: write {provider}:NAME"]
    return []
