"""Times two ONNX files with onnxruntime: native.py THREADS ROUNDS LOGITS.onnx MAPS.onnx. Prints JSON, milliseconds."""

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
sessions = [
    onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"]) for path in sys.argv[3:]
]
shape = sessions[0].get_inputs()[0].shape
x = numpy.sin(0.01 * numpy.arange(numpy.prod(shape))).astype(numpy.float32).reshape(shape)
times = [[] for _ in sessions]
for i in range(rounds + 3):
    for session, took in zip(sessions, times):
        began = time.perf_counter()
        session.run(None, {"x": x})
        if i >= 3:
            took.append(1000 * (time.perf_counter() - began))
print(json.dumps({"version": onnxruntime.__version__, "logits": times[0], "maps": times[1]}))
