"""Writes the trained dual encoder as it ships: image.onnx, text.onnx and tokenizer.json, weights in 16 bits; checks that both
graphs say what the network says.

    python export.py --checkpoint run/last.pt --tokenizer tokenizer.json --out ../../models/terralogue-clip --size 144
"""

import argparse
import os
import shutil
import sys
import tempfile

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer

import data as D
from model import DualEncoder

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from onnx_fp16 import describe, store_fp16


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--checkpoint", required=True)
    a.add_argument("--tokenizer", required=True)
    a.add_argument("--out", required=True)
    a.add_argument("--size", type=int, default=144)
    args = a.parse_args()
    tokenizer = Tokenizer.from_file(args.tokenizer)
    model = DualEncoder(tokenizer.get_vocab_size(), len(D.SCENES))
    model.load_state_dict(torch.load(args.checkpoint, map_location="cpu")["model"])
    model.eval()
    os.makedirs(args.out, exist_ok=True)
    picture = torch.rand(2, 3, args.size, args.size)
    ids, mask = D.pad_ids([tokenizer.encode(t).ids for t in ("many planes near a runway", "高速公路出口附近的物流园")])
    with tempfile.TemporaryDirectory() as folder:
        image, text = os.path.join(folder, "image.onnx"), os.path.join(folder, "text.onnx")
        torch.onnx.export(
            model.image, picture, image, input_names=["pixel_values"], output_names=["image_embeds"], opset_version=17,
            dynamic_axes={"pixel_values": {0: "batch"}, "image_embeds": {0: "batch"}}, dynamo=False,
        )  # fmt: skip
        torch.onnx.export(
            model.text, (ids, mask), text, input_names=["input_ids", "attention_mask"], output_names=["text_embeds"],
            opset_version=17, dynamo=False,
            dynamic_axes={"input_ids": {0: "batch", 1: "tokens"}, "attention_mask": {0: "batch", 1: "tokens"}, "text_embeds": {0: "batch"}},
        )  # fmt: skip
        store_fp16(image, os.path.join(args.out, "image.onnx"))
        store_fp16(text, os.path.join(args.out, "text.onnx"))
    shutil.copy(args.tokenizer, os.path.join(args.out, "tokenizer.json"))
    with torch.no_grad():
        ours = (model.image(picture).numpy(), model.text(ids, mask).numpy())
    run = lambda name, feeds: onnxruntime.InferenceSession(os.path.join(args.out, name)).run(None, feeds)[0]
    theirs = (
        run("image.onnx", {"pixel_values": picture.numpy()}),
        run("text.onnx", {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}),
    )
    for name, a_, b_ in zip(("image", "text"), ours, theirs):
        print(name, "least cosine between network and graph", float((a_ * b_).sum(1).min()))
        assert (a_ * b_).sum(1).min() > 0.9995
    print("logit scale", float(model.log_scale.exp()))
    for name in ("image.onnx", "text.onnx", "tokenizer.json"):
        print(describe(os.path.join(args.out, name)))


main()
