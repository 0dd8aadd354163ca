"""The ports, services and sample tenants of the platform that `casefold up` runs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_PARTITIONS = 4


class TopologyError(Exception):
    """A setting of the platform is invalid; the message names it."""


@dataclass(frozen=True)
class Port:
    """A port of the platform: what listens there, and the setting that changes its number."""

    what: str
    setting: str
    default: int

    def number(self, environment: Mapping[str, str]) -> int:
        """The number of the port. Raises `TopologyError` if the setting is not a port."""
        text = environment.get(self.setting, str(self.default))
        if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
            raise TopologyError(f"{self.setting}={text} is not a port (1 to 65535)")
        return int(text)


KAFKA = Port("Kafka", "CASEFOLD_KAFKA_PORT", 19092)
POSTGRES = Port("PostgreSQL", "CASEFOLD_POSTGRES_PORT", 15432)
SMTP = Port("mail to the desk (SMTP)", "CASEFOLD_SMTP_PORT", 2525)
SINK_SMTP = Port("the mail sink (SMTP)", "CASEFOLD_SINK_SMTP_PORT", 2526)
SINK_WEB = Port("the mail sink's pages", "CASEFOLD_SINK_PORT", 8025)
PORTAL = Port("the portal", "CASEFOLD_PORTAL_PORT", 8080)
INTAKE = Port("intake's API", "CASEFOLD_INTAKE_PORT", 8081)
WORKFLOW = Port("workflow's health", "CASEFOLD_WORKFLOW_PORT", 8082)
SLA = Port("sla's health", "CASEFOLD_SLA_PORT", 8083)
NOTIFY = Port("notify's health", "CASEFOLD_NOTIFY_PORT", 8084)

PORTS = (KAFKA, POSTGRES, SMTP, SINK_SMTP, SINK_WEB, PORTAL, INTAKE, WORKFLOW, SLA, NOTIFY)


@dataclass(frozen=True)
class ServiceProcess:
    """A process of the platform: `python -m <module>`, with its health endpoint on `port`.

    `database` is the name of its own database, if it has one.
    """

    name: str
    module: str
    port: Port
    database: str | None = None


@dataclass(frozen=True)
class Topology:
    """The parts of one platform. `tenants` is a glob pattern of the folders that it publishes."""

    services: tuple[ServiceProcess, ...]
    tenants: str = ""
    ports: tuple[Port, ...] = PORTS


TOPOLOGY = Topology(
    services=(
        ServiceProcess("sink", "casefold.sink", SINK_WEB),
        ServiceProcess("intake", "case_intake", INTAKE, "intake"),
        ServiceProcess("workflow", "case_workflow", WORKFLOW, "workflow"),
        ServiceProcess("sla", "case_sla", SLA, "sla"),
        ServiceProcess("notify", "case_notify", NOTIFY, "notify"),
        ServiceProcess("portal", "case_portal", PORTAL, "portal"),
    ),
    tenants="deploy/tenants/*/",
)


def partitions(environment: Mapping[str, str]) -> int:
    """The number of partitions of the topics by case: CASEFOLD_PARTITIONS, or 4.

    Raises TopologyError if the setting is not a whole number above 0.
    """
    return count_setting("CASEFOLD_PARTITIONS", environment) or DEFAULT_PARTITIONS


def count_setting(name: str, environment: Mapping[str, str]) -> int | None:
    """A setting that is a number of something, where it is set.

    Raises TopologyError if it is not a whole number above 0.
    """
    text = environment.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise TopologyError(f"{name}={text} is not a whole number above 0")
    return int(text)


def url(port: Port, environment: Mapping[str, str] = os.environ) -> str:
    """The URL of the pages or the API at a port of this machine."""
    return f"http://127.0.0.1:{port.number(environment)}"
