"""The peer of `bench -- models`: the same graphs and inputs in Python's onnxruntime.

Reads one JSON object a line ({"graph", "threads", "repeats", "inputs": [{"name", "type", "dims", "file"}]}) and answers with
the seconds that each repeat took. Sessions are kept, so that rounds can be interleaved.
"""

import json
import sys
import time

import numpy as np
import onnxruntime as ort

SESSIONS = {}


def session(path: str, threads: int) -> ort.InferenceSession:
    key = (path, threads)
    if key not in SESSIONS:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        SESSIONS[key] = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return SESSIONS[key]


def tensor(entry) -> np.ndarray:
    return np.fromfile(entry["file"], dtype=entry["type"]).reshape(entry["dims"])


print(json.dumps({"ready": ort.__version__}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    try:
        run = session(order["graph"], order["threads"])
        feeds = {entry["name"]: tensor(entry) for entry in order["inputs"]}
        seconds = []
        for _ in range(order["repeats"]):
            started = time.perf_counter()
            run.run(None, feeds)
            seconds.append(time.perf_counter() - started)
        print(json.dumps({"seconds": seconds}), flush=True)
    except Exception as fault:  # the peer must answer every order
        print(json.dumps({"fault": str(fault).splitlines()[0][:200]}), flush=True)
