"""Error chains: where errors of a trace began, how they travelled, and how it came out."""
