"""Data flow: which span's output another one took in, by what stands in both."""
