"""A checkpoint to go on training from, made of the graph that ships.

    python recover.py --graph ../../models/terralogue-segmenter/model.onnx --windows labels --classes 23 --out start.pt
"""

import argparse
import os
import sys

import numpy as np
import onnxruntime
import torch

from model import Segmenter

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from folded_weights import unfold


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--graph", required=True)
    a.add_argument("--windows", required=True)
    a.add_argument("--classes", type=int, required=True)
    a.add_argument("--out", required=True)
    args = a.parse_args()
    windows = np.memmap(os.path.join(args.windows, "images.bin"), np.uint8, "r").reshape(-1, 256, 256, 3)
    chosen = windows[:: max(1, len(windows) // 192)][:192]
    pictures = torch.from_numpy(np.ascontiguousarray(chosen)).permute(0, 3, 1, 2).float() / 255
    model = unfold(Segmenter(args.classes), args.graph, list(pictures.split(16)))
    with torch.no_grad():
        ours = model(pictures[:4]).argmax(1).numpy()
    theirs = onnxruntime.InferenceSession(args.graph).run(None, {"pixel_values": pictures[:4].numpy()})[0]
    agree = float((ours == theirs).mean())
    print("labels that agree", agree)
    assert agree > 0.999
    torch.save({"model": model.state_dict()}, args.out)


main()
