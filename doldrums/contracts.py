"""User contracts, as the settings say them: some in the file, others in a folder."""

from collections.abc import Sequence

from analytics.contracts.user import UserContract, contracts_in
from doldrums.errors import UserError
from doldrums.settings import Settings


def user_contracts(settings: Settings) -> Sequence[UserContract]:
    """Return all of them.

    Raises
    ------
    UserError
        The folder holds something that is none.
    """
    if settings.contracts_dir is None:
        return settings.contracts
    try:
        return [*settings.contracts, *contracts_in(settings.contracts_dir)]
    except ValueError as error:
        raise UserError(f"{error}.") from None
