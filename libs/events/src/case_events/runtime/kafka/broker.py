"""Connections to Kafka. Every `KafkaBroker` of FastStream is made here."""

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
"""How long a consumer may not notice that a topic was created or got more partitions."""

_SASL = {
    "plain": SASLPlaintext,
    "scram-sha-256": SASLScram256,
    "scram-sha-512": SASLScram512,
}


class KafkaCluster(Struct, frozen=True):
    """The bootstrap servers (host:port, comma-separated), and how a client authenticates.

    `security` is None if the brokers accept unencrypted, anonymous connections.
    """

    bootstrap: str
    security: BaseSecurity | None = None

    def consumers(self, client: str) -> KafkaBroker:
        """Return a broker for subscribers only: it creates no topics, and publishes nothing.

        A handler gets its record as the decoder made it. An error in a handler is logged.
        """
        return self.broker(
            client,
            consumer_only=True,
            # Every transaction ends by itself, so a handler that waits holds nothing that has to be
            # stored.
            graceful_timeout=0,
            apply_types=False,
            logger=_Errors(),
        )

    def broker(self, client: str, **options: Any) -> KafkaBroker:
        """Return a broker with this connection that creates no topics. `options` are those of
        `KafkaBroker`."""
        return KafkaBroker(
            self.bootstrap.split(","),
            client_id=client,
            security=self.security,
            allow_auto_create_topics=False,
            metadata_max_age_ms=METADATA_AGE_MS,
            **options,
        )

    def options(self) -> dict[str, Any]:
        """Return the connection as arguments for aiokafka's own clients."""
        return {"bootstrap_servers": self.bootstrap, **parse_security(self.security)}


class KafkaSettings(BaseSettings):
    """The address of Kafka and how to connect to it: CASEFOLD_KAFKA and CASEFOLD_KAFKA_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="CASEFOLD_", hide_input_in_errors=True)

    kafka: str
    """Bootstrap servers, host:port, comma-separated."""
    kafka_tls: bool = False
    """Whether connections are encrypted and the certificates of the brokers verified."""
    kafka_ca: Path | None = None
    """A PEM file with the authorities that signed those certificates; by default the system's."""
    kafka_certificate: Path | None = None
    """A PEM file with the client's certificate and key, if the brokers require one."""
    kafka_sasl: Literal["plain", "scram-sha-256", "scram-sha-512"] | None = None
    """The SASL mechanism with which a client logs in, if the brokers require a password."""
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
        """Return the cluster that these settings describe. Raises `OSError` for missing files."""
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
    """Passes FastStream's log lines to the log of the service: errors only, and no orderly
    stops."""

    def log(
        self,
        level: int,
        msg: Any,
        /,
        *,
        exc_info: Any = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Log one line. `extra` has the topic and the group."""
        if level >= logging.ERROR and not isinstance(exc_info, asyncio.CancelledError):
            logger.error("subscriber failed", why=str(msg), exc_info=exc_info, **(extra or {}))
