"""How the seed of this bench is copied: a quarter of that of `bench.storage`, as often again."""

from bench.storage.seed import HOURS, SPANS

COPY_SPANS = SPANS // 4
COPY_S = int(HOURS * 3600 / 4)
COPIES_A_DAY = 86_400 // COPY_S
