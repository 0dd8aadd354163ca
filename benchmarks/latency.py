"""From intake to the portal: from the first byte of a mail until its case shows and is
confirmed."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks import bare, processors, ways
from benchmarks.bare import Commits, Hops
from benchmarks.figures import Table, percentile
from benchmarks.post import Post, post
from tests.support.real.platform import RunningPlatform

ROUNDS, WARM_UP = 200, 20
CONNECTIONS = 4
LOADS = {5: 100, 20: 200}
"""Mails a second, and the total number."""

BETWEEN = 0.1
VALUE = b"x" * 1000
HOP, COMMIT = "bare aiokafka: produce, consume", "bare PostgreSQL: INSERT, commit"
Samples = dict[str, list[float]]


@dataclass
class Bench:
    """The measurements, and the platform that was measured."""

    post: Post
    api: ways.Api
    portal: ways.Portal
    sink: ways.Sink
    hops: Hops
    commits: Commits
    samples: Samples = field(default_factory=lambda: defaultdict(list))

    async def bare(self) -> None:
        """One round trip and one commit, as the scale."""
        self.samples[HOP].append(await self.hops.once(VALUE))
        self.samples[COMMIT].append(await self.commits.once(VALUE))

    async def mail(self, title: str) -> None:
        """One mail, without other load."""
        had, began = len(self.portal.first), time.time()
        message_id = await self.post.send(title)
        if message_id is None:
            return
        self._add("mail: until its 250", began, time.time())
        await self.portal.until(lambda: len(self.portal.first) > had)
        self._add(
            "mail: until its case shows in the portal", began, max(self.portal.first.values())
        )
        confirmed = await self.sink.answer(message_id)
        self._add("mail: until its confirmation is delivered", began, confirmed)

    async def post_case(self) -> None:
        """One case by the API, without other load."""
        began = time.time()
        case, reference = await self.api.create()
        self._add("API: until its 201", began, time.time())
        await self.portal.until(lambda: case in self.portal.first)
        self._add("API: until its case shows in the portal", began, self.portal.first[case])
        assert await self.api.shows(reference)
        self._add("API: until the portal's API has answered with it", began, time.time())

    def _add(self, what: str, began: float, ended: float) -> None:
        self.samples[what].append(ended - began)


async def measure(platform: RunningPlatform) -> list[Table]:
    """First one at a time, with the bare loops in between, and then several a second."""
    async with (
        post(platform, CONNECTIONS) as mails,
        ways.api(platform) as api,
        ways.portal(platform) as portal,
        bare.hops(platform.kafka.bootstrap) as hops,
        bare.commits(platform.database("postgres")) as commits,
    ):
        bench = Bench(mails, api, portal, ways.Sink(platform), hops, commits)
        for number in range(WARM_UP + ROUNDS):
            if number == WARM_UP:
                bench.samples.clear()
            await bench.mail(f"alone {number}")
            await bench.post_case()
            await bench.bare()
        alone = _table(f"Latency, one at a time ({ROUNDS} rounds)", bench.samples)
        tables, spent = [alone], {}
        for rate, count in LOADS.items():
            bench.samples, before = defaultdict(list), processors.used(platform)
            await _under_load(bench, rate, count)
            used = processors.since(before, processors.used(platform))
            spent[rate] = {name: seconds / count for name, seconds in used.items()}
            tables.append(_table(f"Latency, {rate} mails a second", bench.samples))
        tables[-1].notes.extend(mails.notes)
        return [*tables, _spent_table(spent)]


async def _under_load(bench: Bench, rate: int, count: int) -> None:
    """Send mails at fixed moments, whatever happens to earlier ones; the time of each runs from its
    moment."""
    first = time.time() + 0.1
    moments = {f"{rate} a second, {number}": first + number / rate for number in range(count)}

    sent: dict[str, float] = {}
    taken: dict[str, float] = {}

    async def send(title: str, moment: float) -> None:
        await asyncio.sleep(moment - time.time())
        message_id = await bench.post.send(title)
        if message_id is None:
            return
        taken[title] = moment
        bench.samples["mail: until its 250"].append(time.time() - moment)
        sent[message_id] = moment

    sending = asyncio.gather(*(send(*mail) for mail in moments.items()))
    while not sending.done():
        await bench.bare()
        await asyncio.sleep(BETWEEN)
    await sending
    bench.samples["mail: until its confirmation is delivered"] = [
        await bench.sink.answer(message_id) - moment for message_id, moment in sent.items()
    ]
    cases = await bench.portal.titles()
    bench.samples["mail: until its case shows in the portal"] = [
        bench.portal.first[cases[title]] - moment for title, moment in taken.items()
    ]


def _table(title: str, samples: Samples) -> Table:
    hop, commit = (percentile(samples[name], 0.5) for name in (HOP, COMMIT))
    rows = []
    for name in sorted(samples, key=lambda name: name.startswith("bare")):
        middle = percentile(samples[name], 0.5)
        rows.append(
            {
                "what": name,
                "n": len(samples[name]),
                "p50 ms": middle * 1000,
                "p99 ms": percentile(samples[name], 0.99) * 1000,
                "p50 in bare hops": middle / hop,
                "p50 in bare commits": middle / commit,
            }
        )
    floor = 2 * hop + 3 * commit
    shows = percentile(samples["mail: until its case shows in the portal"], 0.5)
    note = (
        "From mail to portal are 2 hops and 3 commits (intake, workflow, portal). "
        f"Bare they take {floor * 1000:.1f} ms; the platform took {shows / floor:.1f} x that."
    )
    return Table(title, rows, [note])


def _spent_table(spent: Mapping[int, processors.Seconds]) -> Table:
    """The processor time of every process for one mail, at each load."""
    totals = {rate: sum(used.values()) for rate, used in spent.items()}
    names = next(iter(spent.values()))
    rows: list[dict[str, str | float]] = [
        {"process": name}
        | {f"ms a mail, at {rate}/s": used[name] * 1000 for rate, used in spent.items()}
        for name in names
    ]
    notes = [
        f"At {rate} mails a second they use {rate * total:.2f} processors, "
        f"{total * 1000:.0f} ms a mail."
        for rate, total in totals.items()
    ]
    return Table("Processor time a mail", rows, notes)
