"""Prometheus' text as Prometheus reads it, and what `promtool check metrics` would find wrong with it."""

import re

from prometheus_client.parser import text_string_to_metric_families

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_NO_BASE_UNITS = re.compile(
    r"(^|_)(ms|milliseconds|minutes|hours|days|kb|mb|kilobytes|megabytes|percent)(_|$)"
)
_SUFFIXES = {"counter": "_total"}
_SUFFIXES_TAKEN = ("_total", "_count", "_sum", "_bucket")
# Per name; what is labelled by what a client sends would grow without an end.
_SERIES_MAX = 60


def samples(text: str) -> dict[str, float]:
    """Return every sample by its name and labels, as Prometheus writes them."""
    return {
        _series(sample.name, sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def faults(text: str) -> list[str]:
    """Return what is wrong with helps, and with our names, units and numbers of label sets."""
    found = []
    families = list(text_string_to_metric_families(text))
    names = [family.name for family in families]
    found += [f"{name} is told twice" for name in set(names) if names.count(name) > 1]
    for family in families:
        name = family.name
        if not family.documentation:
            found.append(f"{name} has no help")
        if not name.startswith("doldrums_"):
            continue
        if not _NAME.fullmatch(name) or _NO_BASE_UNITS.search(name):
            found.append(f"{name} is no name with a base unit")
        if family.type == "unknown" or (family.type != "counter" and name.endswith(_SUFFIXES_TAKEN)):
            found.append(f"{name} is of type {family.type}")
        if family.type == "histogram" and not name.endswith(("_seconds", "_bytes")):
            found.append(f"{name} does not say its unit")
        # a histogram's buckets are as many as they are
        label_sets = {_series("", {**sample.labels, "le": ""}) for sample in family.samples}
        if len(label_sets) > _SERIES_MAX:
            found.append(f"{name} has {len(label_sets)} sets of labels")
    return found


def _series(name: str, labels: dict[str, str]) -> str:
    inside = ",".join(f'{label}="{value}"' for label, value in sorted(labels.items()))
    return f"{name}{{{inside}}}" if inside else name


def families(text: str) -> set[str]:
    """Return the names of our own metrics, as a query writes them; a histogram's without its endings."""
    return {
        family.name + _SUFFIXES.get(family.type, "")
        for family in text_string_to_metric_families(text)
        if family.name.startswith("doldrums_")
    }
