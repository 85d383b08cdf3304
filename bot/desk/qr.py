"""A QR code as part of a page: drawn here, never by anybody's service."""

import segno
from markupsafe import Markup


def drawn(text: str) -> Markup:
    """Return a QR code (ISO/IEC 18004, error correction M) as inline SVG, black on white in either theme."""
    code = segno.make(text, error="m", micro=False)
    # The path holds numbers alone; nothing of the text stands in it.
    return Markup(code.svg_inline(scale=4, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None))  # noqa: S704
