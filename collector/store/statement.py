"""SQL stands in `.sql` files beside the Python that runs it; this reads them."""

from functools import cache
from importlib.resources import files


@cache
def statement(package: str, name: str) -> str:
    """Return the text of the SQL file `name` in `package`.

    Examples
    --------
    >>> statement("collector.store", "read_migrations.sql").startswith("--")
    True
    """
    return files(package).joinpath(name).read_text(encoding="utf-8")
