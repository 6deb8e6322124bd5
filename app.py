"""The entry of the pages: page setup and navigation, nothing else. Run it with `parapet serve`."""

from core.quiet import quiet

quiet()

import streamlit as st  # noqa: E402 - after quiet(), which switches its usage statistics off

from ui.pages import chat, review  # noqa: E402
from ui.queue import waiting  # noqa: E402
from ui.state import parapet  # noqa: E402

st.set_page_config(page_title="Parapet", page_icon="🧱", layout="centered")
waits = waiting(parapet())
st.navigation(
    [
        st.Page(chat.page, title="Ask", url_path="ask", default=True),
        st.Page(review.page, title=f"Review ({waits})" if waits else "Review", url_path="review"),
    ],
    position="top",
).run()
