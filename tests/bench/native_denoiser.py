"""Times one ONNX denoiser with onnxruntime: native_denoiser.py THREADS ROUNDS MODEL.onnx. Prints JSON, milliseconds."""

import json
import sys
import time

import numpy
import onnxruntime

threads, rounds = int(sys.argv[1]), int(sys.argv[2])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
options.inter_op_num_threads = 1
options.log_severity_level = 3
session = onnxruntime.InferenceSession(
    sys.argv[3], options, providers=["CPUExecutionProvider"]
)
values = {"t": 500.0, "y": 7.0}
feeds = {}
for given in session.get_inputs():
    size = int(numpy.prod(given.shape))
    flat = (
        numpy.full(size, values[given.name])
        if given.name in values
        else numpy.sin(0.01 * numpy.arange(size))
    )
    feeds[given.name] = flat.astype(numpy.float32).reshape(given.shape)
times = []
for i in range(rounds + 3):
    began = time.perf_counter()
    session.run(None, feeds)
    if i >= 3:
        times.append(1000 * (time.perf_counter() - began))
print(json.dumps({"version": onnxruntime.__version__, "pass": times}))
