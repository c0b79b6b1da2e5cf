"""A slow network in front of a port of this machine: it delays and counts every byte.

A browser's own throttling leaves out what a service worker fetches; nothing goes around this.
"""

import asyncio
import threading
from asyncio import Queue, StreamReader, StreamWriter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

PACKET = 1460


@dataclass
class Lane:
    """One direction that all connections share: so many bytes a second, and half a round trip."""

    bytes_a_second: float
    delay: float
    sent: int = 0
    free_at: float = 0

    def arrival(self, size: int, now: float) -> float:
        """Take a packet; return when it has come out at the other end."""
        self.free_at = max(now, self.free_at) + size / self.bytes_a_second
        self.sent += size
        return self.free_at + self.delay


@dataclass(frozen=True, kw_only=True)
class Speed:
    """How fast a network is, in seconds and bytes a second."""

    round_trip: float
    down: float
    up: float


class Link:
    """A port through which another one is reached slowly."""

    def __init__(self, port: int, target: int, speed: Speed) -> None:
        self.port, self.target, self.round_trip = port, target, speed.round_trip
        self.down = Lane(speed.down, speed.round_trip / 2)
        self.up = Lane(speed.up, speed.round_trip / 2)
        self.requests = 0

    async def connect(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Carry one connection, which costs a round trip before anything is sent."""
        with suppress(ConnectionError, asyncio.CancelledError):
            await asyncio.sleep(self.round_trip)
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.gather(
                _carry(reader, far_writer, self._ask), _carry(far_reader, writer, self._answer)
            )

    def _ask(self, packet: bytes, now: float) -> float:
        self.requests += packet.startswith((b"GET ", b"POST "))
        return self.up.arrival(len(packet), now)

    def _answer(self, packet: bytes, now: float) -> float:
        return self.down.arrival(len(packet), now)


async def _carry(
    reader: StreamReader, writer: StreamWriter, arrival: Callable[[bytes, float], float]
) -> None:
    clock = asyncio.get_running_loop().time
    under_way: Queue[tuple[bytes, float]] = Queue()
    delivering = asyncio.create_task(_deliver(under_way, writer, clock))
    packet = b"-"
    while packet:
        packet = await reader.read(PACKET)
        under_way.put_nowait((packet, arrival(packet, clock())))
    await delivering


async def _deliver(
    under_way: "Queue[tuple[bytes, float]]", writer: StreamWriter, clock: Callable[[], float]
) -> None:
    packet = b"-"
    while packet:
        packet, due = await under_way.get()
        await asyncio.sleep(due - clock())
        writer.write(packet)
        await writer.drain()
    writer.close()


@contextmanager
def slow_link(port: int, target: int, speed: Speed) -> Iterator[Link]:
    """Run a link beside the tests, in a loop of its own."""
    link, loop = Link(port, target, speed), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    listening = asyncio.start_server(link.connect, "127.0.0.1", port)
    server = asyncio.run_coroutine_threadsafe(listening, loop).result()
    try:
        yield link
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(_end_others(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
