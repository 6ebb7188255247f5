"""A plotly figure -> PNG, SVG or PDF, drawn by the system's Chromium through kaleido.

One browser, kept warm, draws one picture after the other: several at once take as long one by one. It is
started when a picture is first asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from ens_dash.render.plotlyjs import plotly_js
from ens_dash.render.poster import WIDTH

ImageFormat = Literal["png", "svg", "pdf"]
IMAGE_FORMATS: tuple[ImageFormat, ...] = ("png", "svg", "pdf")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# a PNG is twice as fine as the layout of 1200 x 675
FINER = 2
PATIENCE, STARTING = 20.0, 40.0
# pictures that may wait for the one browser; at 0.3 s each nobody waits longer than some seconds
WAITING = 12
# what a browser says of its error may hold all of the figure
LONGEST_REASON = 300


class NoBrowser(RuntimeError):
    """There is no Chromium on this machine, or it does not start; the message says which."""


class DrawingFailed(RuntimeError):
    """The browser is there and starts, and twice has not drawn a figure; the message says what it said."""


class TooManyWaiting(RuntimeError):
    """So many pictures wait to be drawn that another would wait too long."""


class Painter:
    """The one browser and its queue. Safe to be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._kaleido: Any = None
        self._one: asyncio.Lock | None = None
        self._waiting = 0
        self._folder: TemporaryDirectory[str] | None = None

    def draw(self, figure: dict[str, Any], form: ImageFormat) -> bytes:
        """The figure as a file of WIDTH pixels' layout (`png`: FINER times as many).

        Raises:
            NoBrowser: none is installed, or it does not start.
            DrawingFailed: it has not drawn this figure, or does not answer in PATIENCE seconds.
            TooManyWaiting: WAITING pictures wait already.
        """
        if browser() is None:
            raise NoBrowser(f"none of {', '.join(BROWSERS)} is installed")
        with self._lock:
            if self._waiting >= WAITING:
                raise TooManyWaiting(f"{self._waiting} pictures are waiting")
            self._waiting += 1
            loop = self._started()
        try:
            drawn: Future[bytes] = asyncio.run_coroutine_threadsafe(self._draw(figure, form), loop)
            return drawn.result(PATIENCE + STARTING)
        except Late as error:
            raise DrawingFailed("the browser does not answer") from error
        finally:
            with self._lock:
                self._waiting -= 1

    def close(self) -> None:
        """End the browser; a picture asked for afterwards starts another."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            asyncio.run_coroutine_threadsafe(self._stop(), loop).result(2 * PATIENCE)
            loop.call_soon_threadsafe(loop.stop)
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._one = asyncio.Lock()
            threading.Thread(target=_run, args=(self._loop,), name="painter", daemon=True).start()
        return self._loop

    async def _draw(self, figure: dict[str, Any], form: ImageFormat) -> bytes:
        assert self._one is not None
        async with self._one:
            try:
                return await self._ask(figure, form)
            except (Exception, asyncio.CancelledError):
                # a browser that was killed, or hangs: once more with a new one
                await self._stop()
            try:
                return await self._ask(figure, form)
            except NoBrowser:
                await self._stop()
                raise
            except Exception as error:
                await self._stop()
                why = f"the browser fails: {type(error).__name__}: {error}"
                raise DrawingFailed(why[:LONGEST_REASON]) from error

    async def _ask(self, figure: dict[str, Any], form: ImageFormat) -> bytes:
        if self._kaleido is None:
            # heavy, and not needed where no picture is asked for
            from kaleido import Kaleido

            # no mathjax: its script would come from elsewhere
            script = self._script()
            self._kaleido = Kaleido(n=1, timeout=PATIENCE, path=browser(), plotlyjs=script, mathjax=False)
            try:
                await asyncio.wait_for(self._kaleido.open(), STARTING)
            except Exception as error:
                raise NoBrowser(f"the browser does not start: {type(error).__name__}") from error
        layout = figure["layout"]
        options = {
            "format": form,
            "width": layout["width"],
            "height": layout["height"],
            "scale": WIDTH / layout["width"] * (FINER if form == "png" else 1),
        }
        drawn: bytes = await asyncio.wait_for(self._kaleido.calc_fig(figure, options), PATIENCE)
        return drawn

    def _script(self) -> Path:
        """The plotly.js of the screen as a file that the browser reads."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="ens_dash_")
            (Path(self._folder.name) / "plotly.js").write_text(plotly_js().script, "utf-8")
        return Path(self._folder.name) / "plotly.js"

    async def _stop(self) -> None:
        old, self._kaleido = self._kaleido, None
        if old is not None:
            # one that is gone already is what is wanted
            with contextlib.suppress(Exception, asyncio.CancelledError):
                await asyncio.wait_for(old.close(), PATIENCE)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()


def browser() -> str | None:
    """Where the system's Chromium is, or None."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


@cache
def painter() -> Painter:
    """The one painter of this process."""
    return Painter()
