"""Servers that a test may kill: processes of their own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
ENV = os.environ | {'PYTHONPATH': str(ROOT / 'py'), 'OPENBLAS_NUM_THREADS': '1'}
SERVE = """
import sys
from pathlib import Path
from minigpt.server.app import Settings, run
from minigpt.server.limits import Limits
run(Settings(port=0, folder=Path(sys.argv[1]), limits=Limits(save_seconds=0.05)),
    ready=lambda server: print(server.url, flush=True))
"""


class Process:
    def __init__(self, folder):
        self.process = subprocess.Popen([sys.executable, '-c', SERVE, str(folder)], env=ENV,
                                        stdout=subprocess.PIPE, text=True,
                                        start_new_session=True)
        self.url = self.process.stdout.readline().strip()

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f'{self.url}api/v1{path}', data, method=method,
                                         headers={'Content-Type': 'application/json'})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def wait_for(self, fits, seconds=90):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            told = self.ask('GET', '/training')['training']
            if fits(told):
                return told
            assert told['status'] != 'failed', told
            time.sleep(0.02)
        raise AssertionError(told)

    def end(self, how):
        children = psutil.Process(self.process.pid).children(recursive=True)
        if how == signal.SIGINT:  # Ctrl-C reaches all of the terminal's processes
            os.killpg(self.process.pid, how)
        else:
            self.process.send_signal(how)
        code = self.process.wait(30)
        self.process.stdout.close()
        _, alive = psutil.wait_procs(children, 20)
        assert not alive, 'the process that trains outlived its server'
        return code
