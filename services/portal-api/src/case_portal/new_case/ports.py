"""Where new cases go."""

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from case_portal.core.files import Upload
from case_portal.core.principal import Principal
from case_portal.core.problem import Problem


class NewCase(Struct, frozen=True, kw_only=True):
    """A case as its form was filled in. `key` makes it one, however often it is sent."""

    key: str
    case_type: str
    values: dict[str, str | bool | float]
    files: tuple[Upload, ...] = ()


class Pass(Struct, frozen=True, kw_only=True):
    """What intake's API knows somebody by, for a while."""

    token: str
    expires_at: datetime


class Intake(Protocol):
    """The one door for new cases."""

    def pass_for(self, principal: Principal) -> Pass:
        """Vouch for somebody who brings cases in by intake's own API."""

    async def create(self, principal: Principal, case: NewCase) -> str | list[Problem]:
        """Send a new case in; its reference, or what is wrong with it.

        Raises `OutOfReach` where intake does not answer.
        """
