"""How well the suspects of failed traces are those that people blamed: ``python -m bench.attribution``."""
