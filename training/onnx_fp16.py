"""Weights stored as 16-bit floats, calculated with as 32-bit ones: half the size at no cost, since the runtime casts them once when
it loads the graph."""

import hashlib
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def store_fp16(source, target, least=256):
    model = onnx.load(source)
    graph = model.graph
    casts = []
    for initializer in list(graph.initializer):
        if initializer.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(initializer)
        if values.size < least:
            continue
        name = initializer.name
        graph.initializer.remove(initializer)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), name + "_fp16"))
        casts.append(helper.make_node("Cast", [name + "_fp16"], [name], to=TensorProto.FLOAT, name="cast_" + name))
    for i, node in enumerate(casts):
        graph.node.insert(i, node)
    del model.metadata_props[:]
    for node in graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, target)


def describe(path):
    data = open(path, "rb").read()
    return f"{os.path.basename(path)}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}"
