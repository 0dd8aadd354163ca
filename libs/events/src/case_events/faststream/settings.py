"""The settings of an integration: a service of others on the topics of the platform."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field, SecretStr

from case_events.contracts.catalogue import INTEGRATION
from case_events.runtime.kafka import KafkaSettings
from case_events.wire.codec import Codec
from case_events.wire.keys import keys_of


class IntegrationSettings(KafkaSettings):
    """What an integration is told by its environment, as CASEFOLD_<NAME>."""

    integration: str = Field(pattern=r"^[a-z0-9-]+$")
    """Its name: its consumer group, and, as `integration.<name>`, its source and signer."""
    partitions: int = Field(default=48, gt=0)
    """Partitions of every topic keyed by case, as the platform has them."""
    replica: str = Field(default="0", pattern=r"^[a-z0-9-]+$")
    """Tells its processes apart where several publish commands."""
    sealing_keys: dict[str, SecretStr] = {}
    """The platform's, where the integration may read and write what is personal."""
    signing_keys: dict[str, dict[str, SecretStr]] = {}
    """Its own key, by id, under `integration.<name>`, where it publishes commands."""

    @classmethod
    def from_environment(cls) -> Self:
        """The settings of this process. Raises pydantic's `ValidationError`."""
        return cls()  # type: ignore[call-arg]

    @property
    def signer(self) -> str:
        """As whom it signs."""
        return f"{INTEGRATION}.{self.integration}"

    def codec(self) -> Codec | None:
        """The codec under its keys; None where it was given none. Raises `BadKey`."""
        if not self.sealing_keys:
            return None
        signing = {signer: _shown(own) for signer, own in self.signing_keys.items()}
        return Codec(keys_of(_shown(self.sealing_keys), signing))


def _shown(keys: Mapping[str, SecretStr]) -> dict[str, str]:
    return {key: text.get_secret_value() for key, text in keys.items()}
