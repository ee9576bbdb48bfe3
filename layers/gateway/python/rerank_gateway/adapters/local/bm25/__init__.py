"""`local/bm25`: Okapi BM25 over the documents of one request, with nothing but a stemmer to carry along."""
