"""OTLP requests in files, one after the other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import orjson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from collector.errors import PermanentError
from collector.otlp.decode import decode
from collector.otlp.json_request import Reading, from_json
from doldrums.errors import UserError

SUFFIXES = (".pb", ".json", ".jsonl")
TRACES = b'"resourceSpans"'
OTHER_SIGNALS = (b'"resourceLogs"', b'"resourceMetrics"', b'"resourceProfiles"')
# What is too much for one request is for the endpoint to say.
ITEMS_MAX = 2**31
# A folder holds files of other kinds too; an OTLP one says so at its beginning.
HEAD_BYTES = 4096


@dataclass(frozen=True)
class Request:
    """One request and where it stands."""

    place: str
    message: ExportTraceServiceRequest


@dataclass(frozen=True)
class Fault:
    """Something that is no request, and where it stands."""

    place: str
    reason: str


def files_of(paths: Sequence[Path]) -> list[Path]:
    """Return the files in the order in which they are sent; those of a folder by name.

    Raises
    ------
    UserError
        A path does not exist or is of another kind.
    """
    return [file for path in paths for file in _files_of(path)]


def requests_in(file: Path, watched: Callable[[BinaryIO], BinaryIO]) -> Iterator[Request | Fault]:
    """Return what the file holds; records of other signals are passed over.

    Parameters
    ----------
    watched
        Wraps the open file, to see how far it is read.
    """
    try:
        with file.open("rb") as stream:
            yield from _reader(file)(str(file), watched(stream))
    except OSError as error:
        yield Fault(str(file), f"cannot be read ({error.strerror})")


def _reader(file: Path) -> Callable[[str, BinaryIO], Iterator[Request | Fault]]:
    if file.suffix == ".pb":
        return _one
    return _lines if file.suffix == ".jsonl" or _is_complete(_first_line(file)) else _document


def _files_of(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise UserError(f"There is no file {path}.")
    if path.is_dir():
        found = [file for file in sorted(path.rglob("*")) if file.is_file() and _looks_like_traces(file)]
        if not found:
            raise UserError(f"There is no OTLP file in {path}.")
        # captures have a request in both forms, and it is to be sent once
        yield from (file for file in found if file.suffix == ".pb" or file.with_suffix(".pb") not in found)
    elif path.suffix in SUFFIXES:
        yield path
    else:
        raise UserError(f"{path} is not an OTLP file: its name should end in {', '.join(SUFFIXES)}.")


def _looks_like_traces(file: Path) -> bool:
    if file.suffix == ".pb":
        return not file.stem.endswith((".logs", ".metrics"))
    if file.suffix not in SUFFIXES:
        return False
    with file.open("rb") as stream:
        return b'"resource' in stream.read(HEAD_BYTES)


def _first_line(file: Path) -> bytes:
    """Return the first line: the Collector's file exporter writes lines, whatever the name ends in."""
    with file.open("rb") as stream:
        return stream.readline()


def _is_complete(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _lines(place: str, stream: BinaryIO) -> Iterator[Request | Fault]:
    for number, line in enumerate(stream, start=1):
        if line.strip():
            yield from _one_json(f"{place}, line {number}", line)


def _document(place: str, stream: BinaryIO) -> Iterator[Request | Fault]:
    return _one_json(place, stream.read())


def _one_json(place: str, text: bytes) -> Iterator[Request | Fault]:
    try:
        message = from_json(text, Reading(items_left=ITEMS_MAX, elements_left=ITEMS_MAX))
    except PermanentError as error:
        yield Fault(place, str(error))
        return
    if message.resource_spans or TRACES in text:
        yield Request(place, message)
    elif not any(signal in text for signal in OTHER_SIGNALS):
        yield Fault(place, "not an OTLP request: it has no resourceSpans")


def _one(place: str, stream: BinaryIO) -> Iterator[Request | Fault]:
    try:
        yield Request(place, decode(stream.read()).request)
    except PermanentError as error:
        yield Fault(place, str(error))
