"""What `casefold up` runs: the ports, the services and the sample tenants, as data."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_PARTITIONS = 4


class TopologyError(Exception):
    """A setting of the platform is not usable; the message names it."""


@dataclass(frozen=True)
class Port:
    """A port of the platform: what listens there and the setting that moves it."""

    what: str
    setting: str
    default: int

    def number(self, environment: Mapping[str, str]) -> int:
        """The port's number. Raises PlanError if the setting is not a port."""
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
    """A process of the platform: `python -m module`, its health on `port`.

    `database` is the name of the database that is its own, if it has one.
    """

    name: str
    module: str
    port: Port
    database: str | None = None


@dataclass(frozen=True)
class Topology:
    """All that one platform consists of. `tenants`: the folders that it publishes, a pattern."""

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
    """How many partitions the topics by case have: CASEFOLD_PARTITIONS, or 4."""
    text = environment.get("CASEFOLD_PARTITIONS", str(DEFAULT_PARTITIONS))
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise TopologyError(f"CASEFOLD_PARTITIONS={text} is not a number of partitions")
    return int(text)


def url(port: Port, environment: Mapping[str, str] = os.environ) -> str:
    """The address of a port's pages or API on this machine."""
    return f"http://127.0.0.1:{port.number(environment)}"
