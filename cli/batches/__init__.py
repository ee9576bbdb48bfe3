"""A file of requests as a batch: sent, watched until it ends, its results fetched; again where it was interrupted."""
