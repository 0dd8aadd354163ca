"""How this platform connects to Kafka: every `KafkaBroker` of FastStream is made here."""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

import structlog
from faststream.kafka import KafkaBroker
from faststream.kafka.security import parse_security
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512
from msgspec import Struct
from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

logger = structlog.get_logger()
METADATA_AGE_MS = 10_000
"""How long a consumer does not notice that a topic was made or got more partitions."""

_SASL = {
    "plain": SASLPlaintext,
    "scram-sha-256": SASLScram256,
    "scram-sha-512": SASLScram512,
}


class KafkaCluster(Struct, frozen=True):
    """The bootstrap servers (host:port, comma-separated), and how a client proves who it is.

    `security` is None where the brokers take everybody, unencrypted.
    """

    bootstrap: str
    security: BaseSecurity | None = None

    def consumers(self, client: str) -> KafkaBroker:
        """A broker for subscribers alone: it makes no topics, and publishes nothing.

        A handler gets its record as the decoder made it; what fails is logged as an error.
        """
        return self.broker(
            client,
            consumer_only=True,
            # Every transaction ends by itself: a handler that waits holds nothing worth keeping.
            graceful_timeout=0,
            apply_types=False,
            logger=_Errors(),
        )

    def broker(self, client: str, **options: Any) -> KafkaBroker:
        """A broker with this connection, which makes no topics; FastStream has the options."""
        return KafkaBroker(
            self.bootstrap.split(","),
            client_id=client,
            security=self.security,
            allow_auto_create_topics=False,
            metadata_max_age_ms=METADATA_AGE_MS,
            **options,
        )

    def options(self) -> dict[str, Any]:
        """The same connection, as aiokafka's own clients take it."""
        return {"bootstrap_servers": self.bootstrap, **parse_security(self.security)}


class KafkaSettings(BaseSettings):
    """Where Kafka is, and how to connect to it: CASEFOLD_KAFKA and CASEFOLD_KAFKA_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="CASEFOLD_")

    kafka: str
    """Bootstrap servers, host:port, comma-separated."""
    kafka_tls: bool = False
    """Whether connections are encrypted and the brokers' certificates checked."""
    kafka_ca: Path | None = None
    """A PEM file with the authorities that signed those certificates; the system's by default."""
    kafka_certificate: Path | None = None
    """A PEM file with the client's own certificate and its key, where the brokers ask for one."""
    kafka_sasl: Literal["plain", "scram-sha-256", "scram-sha-512"] | None = None
    """The SASL mechanism by which a client logs in, where the brokers ask for a password."""
    kafka_user: str = ""
    kafka_password: SecretStr = Field(default=SecretStr(""))

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.kafka_tls and (self.kafka_ca or self.kafka_certificate):
            raise ValueError("certificates are used with kafka_tls alone")
        if bool(self.kafka_sasl) != bool(self.kafka_user):
            raise ValueError("kafka_sasl and kafka_user are set together, or neither")
        return self

    def cluster(self) -> KafkaCluster:
        """The cluster that these settings describe. Raises `OSError` for files that are missing."""
        context = self._tls() if self.kafka_tls else None
        if self.kafka_sasl:
            password = self.kafka_password.get_secret_value()
            mechanism = _SASL[self.kafka_sasl]
            return KafkaCluster(self.kafka, mechanism(self.kafka_user, password, context))
        return KafkaCluster(self.kafka, BaseSecurity(context) if context else None)

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.kafka_ca)
        if self.kafka_certificate:
            context.load_cert_chain(self.kafka_certificate)
        return context


class _Errors:
    """What FastStream logs, as services log: errors alone, and no word of an orderly stop."""

    def log(
        self,
        level: int,
        msg: Any,
        /,
        *,
        exc_info: Any = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Take one line; `extra` says of which topic and group."""
        if level >= logging.ERROR and not isinstance(exc_info, asyncio.CancelledError):
            logger.error("subscriber failed", why=str(msg), exc_info=exc_info, **(extra or {}))
