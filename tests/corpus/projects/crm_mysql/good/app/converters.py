from werkzeug.routing import IntegerConverter

MAX_ID = 9_007_199_254_740_991


class IdConverter(IntegerConverter):
    """The identifiers of the contract: 1 to 2^53 - 1. Anything else is a 404."""

    def __init__(self, url_map):
        super().__init__(url_map, min=1, max=MAX_ID)
