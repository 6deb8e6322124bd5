"""The door of detect-secrets: those of its recognisers that add services to our own forms.

Its recognisers of entropy, basic authentication, public addresses and key words are left out: they fire on any word,
on e-mail addresses and on talk about passwords, and `assigned.py` and `lines.py` do their work with more context.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from guards.secrets.found import Found
from guards.secrets.placeholder import is_placeholder
from guards.secrets.randomness import is_random

MOST_LINE = 1000  # characters of a line that are searched: its patterns are not all bounded
# module and class, what stands in the lower-cased text when it may find something
_PLUGINS: tuple[tuple[str, str, str], ...] = (
    ("artifactory.ArtifactoryDetector", "akc", "Artifactory token"),
    ("cloudant.CloudantDetector", "cloudant", "Cloudant password"),
    ("ibm_cloud_iam.IbmCloudIamDetector", "ibm", "IBM Cloud key"),
    ("ibm_cos_hmac.IbmCosHmacDetector", "cos", "IBM Cloud key"),
    ("softlayer.SoftlayerDetector", "softlayer", "SoftLayer key"),
    ("mailchimp.MailchimpDetector", "-us", "Mailchimp key"),
    ("square_oauth.SquareOAuthDetector", "sq0csp", "Square token"),
    ("azure_storage_key.AzureStorageKeyDetector", "accountkey", "Azure key"),
    ("discord.DiscordBotTokenDetector", "discord", "Discord token"),
    ("aws.AWSKeyDetector", "aws", "AWS key"),
)


def known(text: str) -> Iterator[Found]:
    """What the recognisers of detect-secrets find, line by line; placeholders are left out."""
    lower = text.lower()
    wanted = [(path, label) for path, mark, label in _PLUGINS if mark in lower]
    if not wanted:
        return
    start = 0
    for line in text.splitlines(keepends=True):
        for path, label in wanted:
            for secret in _plugin(path).analyze_string(line[:MOST_LINE]):
                value = str(secret).strip("\"'=: \t\r\n") if secret else ""
                at = line.find(value) if value else -1
                if at >= 0 and is_random(value) and not is_placeholder(value):
                    yield Found(start + at, start + at + len(value), label, 0.9)
        start += len(line)


@cache
def _plugin(path: str) -> Any:
    module, name = path.rsplit(".", 1)
    return getattr(import_module(f"detect_secrets.plugins.{module}"), name)()
