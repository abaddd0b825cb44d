"""The script that Streamlit runs for every session and page: the shell, then the page."""

from pathlib import Path

import streamlit as st

from dashboard.parts.navigation import navigation
from dashboard.parts.shell import banner, glance, sidebar, tab_title

HERE = Path(__file__).parent
ICON = HERE / "assets" / "icon.png"

shown = glance()
st.set_page_config(page_title=tab_title(shown), page_icon=str(ICON), layout="wide")
st.html(HERE / "assets" / "style.css")
st.logo(str(ICON), size="large")
page = navigation(shown.stuck, shown.deadlocks, shown.chains, shown.drifting)
sidebar(shown)
banner(shown)
page.run()
