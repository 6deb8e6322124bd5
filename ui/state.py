"""What the pages share: the one wired Parapet of this process, and which conversation a page shows.

Nothing of a user lives here: conversations are in the database, their id in the page's address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from core.clock import new_id

if TYPE_CHECKING:
    from chains.assemble import Parapet

_CONVERSATION = re.compile(r"[0-9a-f]{16}")


@st.cache_resource(show_spinner=False)
def parapet() -> Parapet:
    """The wired Parapet of this process, made once."""
    from chains.assemble import assemble
    from chains.configuration import live_policy, read_settings

    return assemble(read_settings(), live_policy())


def conversation() -> str:
    """The id of the conversation that this page shows: from its address, else a fresh one kept for this page."""
    named = st.query_params.get("c", "")
    if _CONVERSATION.fullmatch(named):
        return named
    if "conversation" not in st.session_state:
        st.session_state["conversation"] = new_id()
    return str(st.session_state["conversation"])


def keep_address(identity: str) -> None:
    """Put the conversation into the page's address, so that a reload shows it again."""
    st.query_params["c"] = identity


def begin_anew() -> None:
    """Turn the page to a fresh, empty conversation."""
    st.query_params.pop("c", None)
    st.session_state["conversation"] = new_id()
