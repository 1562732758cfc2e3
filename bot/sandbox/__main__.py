"""The sandbox as its own process: `python -m bot.sandbox --port 8081`."""

from __future__ import annotations

import asyncio
import signal

import click

from bot.sandbox.faults import Flood
from bot.sandbox.server import DEFAULT_TOKEN, Sandbox


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8081, show_default=True, help="Port to listen on; 0 is any free one.")
@click.option("--token", default=DEFAULT_TOKEN, help="The token the bot must use.")
@click.option("--flood/--no-flood", default=False, help="Keep Telegram's pace: 429 when the bot sends too fast.")
def main(host: str, port: int, token: str, flood: bool) -> None:
    """Serve Telegram's Bot API and two phones in a web page. Prints its address, then the token."""
    asyncio.run(_serve(host, port, token, flood))


async def _serve(host: str, port: int, token: str, flood: bool) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    sandbox = Sandbox(token, flood=Flood() if flood else None)
    click.echo(await sandbox.start(host, port))
    click.echo(token)
    await stopped.wait()
    await sandbox.stop()


if __name__ == "__main__":
    main()
