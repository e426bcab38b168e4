"""A job that runs until it is told to stop, and what it told meanwhile."""

import json
import queue
import signal
import subprocess
import threading
import time

from .cluster import Failed, pinned


class Served:
    """A process for the length of a `with`; it is stopped cleanly at the end. What it said last is its report."""

    def __init__(self, system, launch, options):
        self._where = launch.application_id
        self._command = pinned([*system.command(launch), *system.serve_arguments()], options.job_cores)
        self._log = options.work / f"{launch.state_dir.name}.log"
        self._timeout = options.timeout
        self._events = queue.Queue()
        self.report = {}

    def __enter__(self):
        self._errors = open(self._log, "a", encoding="utf-8")
        self._started = time.monotonic()
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=self._errors, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def seconds_until(self, event):
        """Waits for the event; returns how long after the start of the process it came."""
        deadline = self._started + self._timeout
        while True:
            try:
                name, moment = self._events.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                raise Failed(f"{self._where}: not '{event}' after {self._timeout} s, see {self._log}") from None
            if name is None:
                raise Failed(f"{self._where}: ended before it was '{event}', see {self._log}")
            if name == event:
                return moment - self._started

    def stop(self):
        self._end(signal.SIGTERM)

    def kill(self):
        self._end(signal.SIGKILL)

    def _end(self, number):
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            self._process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise Failed(f"{self._where}: did not end within two minutes, see {self._log}") from None
        finally:
            self._reader.join()
            self._errors.close()

    def _read(self):
        for line in self._process.stdout:
            if line.startswith('{"event"'):
                self._events.put((json.loads(line)["event"], time.monotonic()))
            elif line.startswith("{"):
                self.report = json.loads(line)
        self._events.put((None, time.monotonic()))
