"""Many rerankings from one file: what a batch is, its chunks, its files, and where they are kept."""
