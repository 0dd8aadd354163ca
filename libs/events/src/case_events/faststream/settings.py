"""The settings of an integration."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field, SecretStr

from case_events.contracts.catalogue import INTEGRATION
from case_events.runtime.kafka import KafkaSettings
from case_events.wire.codec import Codec
from case_events.wire.keys import keys_of


class IntegrationSettings(KafkaSettings):
    """The settings of an integration, from environment variables CASEFOLD_<NAME>."""

    integration: str = Field(pattern=r"^[a-z0-9-]+$")
    """The name of the integration. It is its consumer group and, as `integration.<name>`, its
    source and signer."""
    partitions: int = Field(default=48, gt=0)
    """The number of partitions of every topic keyed by case, as on the platform."""
    replica: str = Field(default="0", pattern=r"^[a-z0-9-]+$")
    """Distinguishes the processes of an integration of which several publish commands."""
    sealing_keys: dict[str, SecretStr] = {}
    """The platform's sealing keys, if the integration may read and write personal data."""
    signing_keys: dict[str, dict[str, SecretStr]] = {}
    """The integration's own keys, by id, under `integration.<name>`, if it publishes commands."""

    @classmethod
    def from_environment(cls) -> Self:
        """Return the settings of this process. Raises pydantic's `ValidationError`."""
        return cls()  # type: ignore[call-arg]

    @property
    def signer(self) -> str:
        """The name under which it signs."""
        return f"{INTEGRATION}.{self.integration}"

    def codec(self) -> Codec | None:
        """Return a codec with its keys, or None without sealing keys. Raises `BadKey`."""
        if not self.sealing_keys:
            return None
        signing = {signer: _shown(own) for signer, own in self.signing_keys.items()}
        return Codec(keys_of(_shown(self.sealing_keys), signing))


def _shown(keys: Mapping[str, SecretStr]) -> dict[str, str]:
    return {key: text.get_secret_value() for key, text in keys.items()}
