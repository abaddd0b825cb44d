"""References of either kind, as they are stored. Pure."""

from analytics.series.kept import Kept, from_bytes
from analytics.series.kept_content import KeptContent, content_from_bytes
from analytics.series.metric import metric

Reference = Kept | KeptContent


def stored_reference(of: str, stored: bytes) -> Reference | None:
    """Return what was stored of a metric, None where it is broken or of another form."""
    return content_from_bytes(stored) if metric(of).kind == "content" else from_bytes(stored)
