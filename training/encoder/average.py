"""Weights between two checkpoints of one training, for each share the validation part's recall; writes the best. A mean of the weights
before and after often does better than either (Wortsman et al. 2022, arXiv 2109.01903).

    python average.py --data $TERRALOGUE_DATA --tokenizer tokenizer.json --first start.pt --second run/last.pt --out best.pt
"""

import argparse
import random

import torch
from tokenizers import Tokenizer

import data as D
from evaluate import mean_recall
from model import DualEncoder
from train import Texts


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--data", required=True)
    a.add_argument("--tokenizer", required=True)
    a.add_argument("--first", required=True)
    a.add_argument("--second", required=True)
    a.add_argument("--out", required=True)
    a.add_argument("--shares", default="0,0.5,0.7,0.85,1", help="of the second")
    a.add_argument("--size", type=int, default=144)
    args = a.parse_args()
    tokenizer = Tokenizer.from_file(args.tokenizer)
    texts = Texts(tokenizer, random.Random(0))
    _, valid = D.split(D.pairs(args.data))
    images = D.load_images([path for path, _, _ in valid])
    first = torch.load(args.first, map_location="cpu")["model"]
    second = torch.load(args.second, map_location="cpu")["model"]
    best = None
    for share in map(float, args.shares.split(",")):
        mixed = {
            name: (1 - share) * first[name] + share * value if value.dtype.is_floating_point else value
            for name, value in second.items()
        }
        model = DualEncoder(tokenizer.get_vocab_size(), len(D.SCENES))
        model.load_state_dict(mixed)
        model.eval()
        figures = mean_recall(model, texts, valid, images, args.size)
        print(share, {name: round(value, 2) for name, value in figures.items()}, flush=True)
        # Each caption once is nearer to what the encoder is for than captions that stand five times.
        score = figures["mR"] + figures["mR once"]
        if best is None or score > best[0]:
            best = (score, share, mixed)
    torch.save({"model": best[2]}, args.out)
    print("kept", best[1])


main()
