"""Writes the trained segmenter as it ships: logits in, the likeliest label and its probability out, so that little has to be copied.

    python export.py --checkpoint run/last.pt --out ../../models/terralogue-segmenter
"""

import argparse
import os
import sys
import tempfile

import numpy as np
import onnxruntime
import torch
from torch import nn

from model import Segmenter

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from onnx_fp16 import describe, store_fp16


class Labels(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        logits = self.network(x)
        most, label = logits.max(1)
        probability = 1 / (logits - most.unsqueeze(1)).exp().sum(1)
        return label.to(torch.uint8), probability


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--checkpoint", required=True)
    a.add_argument("--out", required=True)
    args = a.parse_args()
    state = torch.load(args.checkpoint, map_location="cpu")
    network = Segmenter(len(state["labels"]))
    network.load_state_dict(state["model"])
    model = Labels(network).eval()
    os.makedirs(args.out, exist_ok=True)
    picture = torch.rand(1, 3, 256, 320)
    target = os.path.join(args.out, "model.onnx")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.onnx")
        torch.onnx.export(
            model, picture, path, input_names=["pixel_values"], output_names=["labels", "probabilities"], opset_version=17, dynamo=False,
            dynamic_axes={"pixel_values": {0: "batch", 2: "height", 3: "width"}, "labels": {0: "batch", 1: "height", 2: "width"}, "probabilities": {0: "batch", 1: "height", 2: "width"}},
        )  # fmt: skip
        store_fp16(path, target)
    with torch.no_grad():
        label, probability = model(picture)
    said = onnxruntime.InferenceSession(target).run(None, {"pixel_values": picture.numpy()})
    agree = float((said[0] == label.numpy()).mean())
    print("labels that agree", agree, "largest difference of probability", float(np.abs(said[1] - probability.numpy()).max()))
    assert agree > 0.999
    print("labels", ",".join(state["labels"]))
    print(describe(target))


main()
