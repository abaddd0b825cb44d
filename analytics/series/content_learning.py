"""Learning of content: the references of series of texts, from their sketches."""

from collections.abc import Mapping, Sequence

import numpy as np

from analytics.drift.merging import FACTORS, SPANS_MIN, merge_factor, merged
from analytics.drift.sketch_reference import TEXTS_MIN, fit_sketches
from analytics.series.counts import HOUR_S, Filter, Place
from analytics.series.kept_content import KeptContent, kept_content
from analytics.series.learned import Wanted
from analytics.series.learning import DAY_S
from analytics.series.sketched import products, sketched
from collector.store.store import Store


def learn_content(
    store: Store, project: str, environment: str, wanted: Sequence[Wanted]
) -> Mapping[Place, KeptContent]:
    """Return references of series of texts; of those that say too little there is none.

    One after another: 28 days of products are 6 MB, added up where they are stored.
    """
    found = {one.place: _learned(store, project, environment, one) for one in wanted}
    return {place: kept for place, kept in found.items() if kept}


def _learned(store: Store, project: str, environment: str, wanted: Wanted) -> KeptContent | None:
    of = Filter(project, environment, series=[wanted.place.series])
    seen = sketched(store, wanted.start, wanted.end, of).get(wanted.place)
    if seen is None:
        return None
    hours = np.arange(int(wanted.start.timestamp()), int(wanted.end.timestamp()), HOUR_S)
    sums, texts = seen.matrix(hours)
    for begin, end in wanted.incidents:
        texts[(hours >= begin) & (hours < end)] = 0
    sums[texts == 0] = 0
    # sketches may be kept for less long than counts, or be on a new basis: what is left of the days decides
    days = len(np.unique(hours[texts > 0] // DAY_S))
    if texts.sum() < TEXTS_MIN or 2 * days < len(hours) * HOUR_S // DAY_S:
        return None
    mean = texts[int(np.argmax(texts > 0)) :].mean()
    bucket_h = merge_factor(np.array([mean]))
    if mean * bucket_h < SPANS_MIN and bucket_h == FACTORS[-1]:
        return None
    of_buckets = merged(sums, bucket_h), merged(texts, bucket_h)
    return kept_content(fit_sketches(*of_buckets, products(store, wanted), float(bucket_h)))
