"""Makes Streamlit serve our components' assets as files, which the content security policy asks for.

Streamlit finds packaged components by itself only inside the package that is named like the distribution,
here `doldrums`, which this one may not know. So the same manifest is handed over directly.
"""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

PACKAGE = "doldrums"
MANIFEST = ComponentManifest(
    name=PACKAGE,
    version="1",
    components=[ComponentConfig(name, asset_dir="assets") for name in ("waterfall", "rows", "picture")],
)


def component(name: str, html: str) -> ComponentRenderer:
    """Return the function that mounts a component, on whatever runtime is active now.

    Parameters
    ----------
    name
        The stem of its `.js` and `.css` file in `assets/`.
    html
        What stands in its shadow root before its script runs.
    """
    manager = get_bidi_component_manager()
    qualified = f"{PACKAGE}.{name}"
    if manager.get_component_asset_root(qualified) is None:
        manager.register_from_manifest(MANIFEST, Path(__file__).parent)
    return st.components.v2.component(qualified, html=html, js=f"{name}.js", css=f"{name}.css")
