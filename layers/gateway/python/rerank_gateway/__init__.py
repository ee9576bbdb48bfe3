"""One HTTPS endpoint that ranks documents by relevance with any reranker there is."""

import gc

# What is loaded stays. Looking through it for garbage again and again takes a tenth of a cold start, so that begins
# with the first event's end: see entry/http.py and entry/worker.py.
gc.disable()

__version__ = "0.1.0"
