"""What guards are called where people read of them."""

from core import plugins
from guards.rule import CHECKS, FOREIGN


def title(guard: str) -> str:
    """A few words for what a guard looks for; its name where it is somebody else's, or is gone."""
    if guard.startswith(FOREIGN) or guard not in plugins.names(CHECKS):
        return guard.rpartition(":")[2]
    return str(plugins.load(CHECKS, guard).TITLE)
