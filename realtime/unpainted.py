"""What daphne's autobahn does not need to do for each frame: it paints a line about it, in colours, also where nobody reads it.

Imports autobahn, so only what runs daphne uses this file.
"""

import autobahn.util


def unpaint() -> None:
    """Leaves the colours out, which are a fifth of what a frame costs. autobahn has no switch for it, but looks for `click`."""
    autobahn.util._HAS_CLICK = False
