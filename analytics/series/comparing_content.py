"""Comparing of content: which speakers say something else in one window than in another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from analytics.api.drift_models import WordShift
from analytics.drift.contents import matched_contents, wanting
from analytics.drift.two_contents import moved_content, tells_days
from analytics.series.comparison import Change, Judged, Limits
from analytics.series.content_side import ContentSide
from analytics.series.metric import CONTENT
from analytics.series.side import Side
from analytics.series.told_words import Spoken, told_words

# Speakers that are compared, those who say most: a few milliseconds of the processor each, and two queries.
SPEAKERS_MAX = 200
# Of so many that differ, the surest, up to 1,000 answers a side are read for words.
_WORDED_MAX = 10
_OF_VERSION = "what texts say is not kept by version"
_OF_DAYS = "how much days differ by themselves cannot be told from fewer than three on either side"
_OF_BASIS = "the sketches of the two windows are on different bases, which do not compare"


class ContentComparing:
    """Compares what speakers said on two sides.

    Parameters
    ----------
    first_sketched
        Returns the first day of which sketches of a project are kept.
    """

    def __init__(self, sides: Sequence[Side], limits: Limits, first_sketched: Callable[[str], date]) -> None:
        self._sides = [ContentSide(side) for side in sides]
        self._limits = limits
        asked = sides[0].chosen.metric in ("", CONTENT)
        self._cuts = [_cut(side, first_sketched) if asked else "" for side in sides]
        self._speakers = [side.speakers() if asked else {} for side in self._sides]
        self._by_version = any(side.window.version is not None for side in sides)
        every = {series: one.key for side in self._speakers for series, one in side.items()}
        most = sorted(every, key=lambda series: (-sum(self._texts(series)), series))
        self.left_out = max(len(most) - SPEAKERS_MAX, 0)
        self._keys = {series: every[series] for series in most[:SPEAKERS_MAX]}

    @property
    def cut(self) -> str:
        """What is not kept of either window, empty where all is."""
        return _joined(*dict.fromkeys(self._cuts))

    def judged(self) -> Iterator[Judged]:
        """Return every speaker."""
        by_basis: dict[int, list[int]] = {}
        for series in self._keys:
            basis = self._basis(series)
            if self._by_version:
                # how many texts there are of the version is not known either
                yield self._untold(series, (0, 0), _OF_VERSION)
            elif not all(self._texts(series)):
                yield self._untold(series, self._texts(series), self._silent(series))
            elif basis is None:
                yield self._untold(series, self._texts(series), _OF_BASIS)
            else:
                by_basis.setdefault(basis, []).append(series)
        for basis, some in by_basis.items():
            yield from self._compared(some, basis)

    def words(self, found: Sequence[Judged], rates: Sequence[float | None]) -> Mapping[int, list[WordShift]]:
        """Return by series which words came and went with those that differ the surest."""
        differ = [
            (rate or 0.0, one.series)
            for one, rate in zip(found, rates, strict=True)
            if one.key.measure.kind == "content" and one.differs(rate, self._limits)
        ]
        return {
            series: told_words(self._sides[0].side.store, *self._spoken(series))
            for _, series in sorted(differ)[:_WORDED_MAX]
        }

    def _compared(self, some: Sequence[int], basis: int) -> Iterator[Judged]:
        windows = (side.contents(some, basis) for side in self._sides)
        for series, first, second in zip(some, *windows, strict=True):
            matched = matched_contents(first, second)
            texts = int(matched[0].texts.sum()), int(matched[1].texts.sum())
            if missing := wanting(*matched):
                yield self._untold(series, texts, _joined(missing, self.cut))
                continue
            p, distance = moved_content(first, second)
            change = Change(CONTENT, 0.0, distance, distance) if p <= self._limits.discovery_rate else None
            tells = tells_days(*matched)
            caveat = _joined("" if tells else _OF_DAYS, self.cut)
            yield Judged(
                self._keys[series], series, texts, [], p=p, change=change, caveat=caveat, tells_alike=tells
            )

    def _untold(self, series: int, texts: tuple[int, int], missing: str) -> Judged:
        return Judged(self._keys[series], series, texts, [], missing)

    def _silent(self, series: int) -> str:
        place = 1 if self._texts(series)[0] else 0
        name, cut = ("first", "second")[place], self._cuts[place]
        return f"no text of the {name} window is left: {cut}" if cut else f"no text in the {name} window"

    def _basis(self, series: int) -> int | None:
        """Return the newest basis that both sides have."""
        first, second = (set(side[series].texts) if series in side else set() for side in self._speakers)
        return max(first & second, default=None)

    def _texts(self, series: int) -> tuple[int, int]:
        first, second = (sum(side[series].texts.values()) if series in side else 0 for side in self._speakers)
        return first, second

    def _spoken(self, series: int) -> tuple[Spoken, Spoken]:
        sides = zip(self._sides, self._speakers, strict=True)
        first, second = (side.spoken(speakers[series]) for side, speakers in sides)
        return first, second


def _cut(side: Side, first_sketched: Callable[[str], date]) -> str:
    first = first_sketched(side.window.project or "")
    begins = side.period()[0].date()
    return f"sketches from before {first} are not kept any more" if begins < first else ""


def _joined(*said: str) -> str:
    return "; ".join(filter(None, said))
