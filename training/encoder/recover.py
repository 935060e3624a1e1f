"""A checkpoint to go on training from, made of the graphs that ship.

    python recover.py --graphs ../../models/terralogue-clip --data $TERRALOGUE_DATA --out start.pt
"""

import argparse
import os
import sys

import onnxruntime
import torch
from tokenizers import Tokenizer

import data as D
from model import DualEncoder

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from folded_weights import unfold, weights_of


def text_tower(tower, path):
    weights, nodes = weights_of(path)
    state = {name: weights[name] for name in tower.state_dict() if name in weights}
    # Matrices of linear layers stand in the graph turned over and under numbers, in the order in which they are used.
    products = [node.input[1] for node in nodes if node.op_type == "MatMul" and node.input[1] in weights]
    names = [f"layers.{i}.{part}.weight" for i in range(len(tower.layers)) for part in ("attention.qkv", "attention.out", "mlp.0", "mlp.3")]
    for name, product in zip([*names, "weigh.weight"], products, strict=True):
        state[name] = weights[product].t()
    tower.load_state_dict(state)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--graphs", required=True)
    a.add_argument("--data", required=True)
    a.add_argument("--out", required=True)
    a.add_argument("--size", type=int, default=144)
    a.add_argument("--scale", type=float, default=14.1, help="logit scale, as in the manifest")
    args = a.parse_args()
    tokenizer = Tokenizer.from_file(os.path.join(args.graphs, "tokenizer.json"))
    model = DualEncoder(tokenizer.get_vocab_size(), len(D.SCENES))
    train, _ = D.split(D.pairs(args.data))
    pictures = torch.from_numpy(D.load_images([path for path, _, _ in train[:512]])).permute(0, 3, 1, 2).float() / 255
    pictures = torch.nn.functional.interpolate(pictures, size=(args.size, args.size), mode="bilinear", antialias=True)
    image = os.path.join(args.graphs, "image.onnx")
    weights, _ = weights_of(image)
    unfold(model.image, image, list(pictures.split(32)))
    model.image.projection.weight.data.copy_(weights["projection.weight"])
    model.image.projection.bias.data.copy_(weights["projection.bias"])
    text_tower(model.text, os.path.join(args.graphs, "text.onnx"))
    model.log_scale.data.fill_(args.scale).log_()
    model.eval()
    with torch.no_grad():
        ours = model.image(pictures[:8])
        # What a scene looks like on average is where its classifier begins.
        vectors = torch.cat([model.image(batch) for batch in pictures.split(32)])
        scenes = torch.tensor([scene for _, _, scene in train[:512]])
        for scene in scenes.unique():
            model.scene.weight[scene] = torch.nn.functional.normalize(vectors[scenes == scene].mean(0), dim=0)
        model.scene.bias.zero_()
        ids, mask = D.pad_ids([tokenizer.encode("many planes near a runway").ids])
        words = model.text(ids, mask)
    theirs = onnxruntime.InferenceSession(image).run(None, {"pixel_values": pictures[:8].numpy()})[0]
    said = onnxruntime.InferenceSession(os.path.join(args.graphs, "text.onnx")).run(
        None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}
    )[0]
    least = min(float((ours.numpy() * theirs).sum(1).min()), float((words.numpy() * said).sum()))
    print("least cosine between graph and network", least)
    assert least > 0.9995
    torch.save({"model": model.state_dict()}, args.out)


main()
