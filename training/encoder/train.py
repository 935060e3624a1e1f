"""Trains the dual encoder on image–caption pairs, scene labels, captions alone and chips of painted worlds.

Most of the time the first five blocks of the image tower stay as they are and run in onnxruntime, four times as fast; with
--train-early everything is trained. Resumes from its checkpoint.

    python train.py --data $TERRALOGUE_DATA --imagenet efficientnet-lite0.pth --out run1 --epochs 16
    python train.py --data $TERRALOGUE_DATA --out run2 --start run1/last.pt --train-early --epochs 3 --lr 1e-4
"""

import argparse
import collections
import glob
import math
import os
import random
import re
import time

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

import data as D
from evaluate import mean_recall
from model import DualEncoder, MAX_TOKENS


def arguments():
    a = argparse.ArgumentParser()
    a.add_argument("--data", required=True)
    a.add_argument("--tokenizer", default="tokenizer.json")
    a.add_argument("--imagenet")
    a.add_argument("--start")
    a.add_argument("--out", required=True)
    a.add_argument("--worlds", help="folder of chips.bin and captions.jsonl made by training/worlds")
    a.add_argument("--epochs", type=int, default=16)
    a.add_argument("--batch", type=int, default=128)
    a.add_argument("--size", type=int, default=112)
    a.add_argument("--test-size", type=int, default=128)
    a.add_argument("--lr", type=float, default=3e-4, help="of the image tower")
    a.add_argument("--lr-text", type=float, default=1e-3)
    a.add_argument("--train-early", action="store_true")
    a.add_argument("--all", action="store_true", help="train on the validation part too, for the model that ships")
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--limit", type=int, default=0)
    a.add_argument("--several", action="store_true", help="pass over half of the images that have one caption five times")
    return a.parse_args()


# Few captions are longer; in training their ends are cut, which is quicker.
TRAINING_TOKENS = 26


class EarlyBlocks:
    """The frozen part of the image tower in onnxruntime."""

    def __init__(self, tower, size, folder, threads):
        import onnxruntime

        class Early(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.tower = tower

            def forward(self, x):
                return self.tower.early(x)

        path = os.path.join(folder, "early.onnx")
        tower.eval()
        torch.onnx.export(
            Early(), torch.rand(1, 3, size, size), path, input_names=["x"], output_names=["y"],
            dynamic_axes={"x": {0: "n"}, "y": {0: "n"}}, dynamo=False,
        )  # fmt: skip
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(path, options)

    def __call__(self, x):
        parts = [self.session.run(None, {"x": x[i : i + 32].numpy()})[0] for i in range(0, len(x), 32)]
        return torch.from_numpy(np.concatenate(parts))


class Texts:
    """Tokens of captions, kept; with words left out at random."""

    def __init__(self, tokenizer, rng):
        self.tokenizer, self.rng, self.kept = tokenizer, rng, {}

    def ids(self, caption):
        held = self.kept.get(caption)
        if held is None:
            held = self.kept[caption] = self.tokenizer.encode(caption).ids
        return held

    def batch(self, captions, drop=0.08):
        rows = []
        for caption in captions:
            ids = self.ids(caption)
            if drop > 0:
                ids = [t for t in ids if t in (2, 3) or self.rng.random() > drop]
            rows.append(ids)
        return D.pad_ids(rows, MAX_TOKENS if drop == 0 else TRAINING_TOKENS)


class Meanings:
    """What captions say, as unit vectors of their words weighted by how rare they are, projected at random to 256 numbers."""

    def __init__(self, captions, width=256):
        found = collections.Counter(word for caption in captions for word in set(self.words(caption)))
        kept = [word for word, count in found.items() if count > 1]
        draw = np.random.RandomState(5)
        rarity = {word: math.log(len(captions) / found[word]) for word in kept}
        self.table = {word: draw.randn(width).astype(np.float32) * rarity[word] / math.sqrt(width) for word in kept}
        self.none, self.kept = np.zeros(width, np.float32), {}

    @staticmethod
    def words(caption):
        return re.findall(r"[a-z]+", caption.lower())

    def __call__(self, caption):
        held = self.kept.get(caption)
        if held is None:
            held = sum((self.table.get(word, self.none) for word in set(self.words(caption))), self.none)
            held = self.kept[caption] = held / max(np.linalg.norm(held), 1e-6)
        return held

    def together(self, captions):
        held = sum(self(caption) for caption in captions)
        return held / max(np.linalg.norm(held), 1e-6)


# How much of the target goes to texts and images that say nearly the same, and how near that has to be.
SOFT_SHARE, SOFT_WIDTH = 0.25, 0.1


def contrastive(images, texts, owners, captions, scale, of_images, of_texts):
    """Symmetric InfoNCE where a text belongs to the image in `owners` and to each image that has the same words, and in part to those
    of which captions say nearly the same (`of_images`, `of_texts`: their meanings; zero where there are none)."""
    logits = images @ texts.t() * scale
    n, m = logits.shape
    same = torch.zeros(n, m)
    first = {}
    for j, caption in enumerate(captions):
        first.setdefault(caption, []).append(j)
    for j, caption in enumerate(captions):
        for k in first[caption]:
            same[owners[k], j] = 1
    to_text = same / same.sum(1, keepdim=True).clamp(min=1)
    to_image = same / same.sum(0, keepdim=True).clamp(min=1)
    alike = of_images @ of_texts.t()
    known_images, known_texts = of_images.square().sum(1) > 0.5, of_texts.square().sum(1) > 0.5
    alike = alike.masked_fill(~(known_images[:, None] & known_texts[None, :]), -1e4)
    share = SOFT_SHARE * (known_images & (to_text.sum(1) > 0)).float()[:, None]
    to_text = (1 - share) * to_text + share * (alike / SOFT_WIDTH).softmax(1)
    share = SOFT_SHARE * known_texts.float()[None, :]
    to_image = (1 - share) * to_image + share * (alike / SOFT_WIDTH).softmax(0)
    return 0.5 * (
        -(to_text * logits.log_softmax(1)).sum(1).mean() + -(to_image * logits.log_softmax(0)).sum(0).mean()
    )


def text_contrastive(a, b, scale):
    logits = a @ b.t() * scale
    target = torch.arange(len(a))
    return 0.5 * (F.cross_entropy(logits, target) + F.cross_entropy(logits.t(), target))


def main():
    args = arguments()
    os.makedirs(args.out, exist_ok=True)
    torch.set_num_threads(args.threads)
    path = os.path.join(args.out, "last.pt")
    # A resumed run must not draw the same pictures again.
    offset = 1000 * torch.load(path, map_location="cpu")["epoch"] if os.path.exists(path) else 0
    torch.manual_seed(args.seed + offset)
    rng = random.Random(args.seed + offset)
    numbers = np.random.RandomState(args.seed + offset)
    tokenizer = Tokenizer.from_file(args.tokenizer)
    texts = Texts(tokenizer, rng)
    translate = D.Translator()

    everything = D.pairs(args.data)
    train, valid = D.split(everything)
    if args.all:
        train = train + valid
    train = D.add_rsitmd(args.data, train, everything)
    if args.limit:
        train = train[: args.limit]
    distinct = [list(dict.fromkeys(five)) for _, five, _ in train]
    meanings = Meanings([c for words in distinct for c in words])
    image_meanings = np.stack([meanings.together(words) for words in distinct])
    # Images of which several things are said come more often.
    several = np.array([len(words) > 1 for words in distinct])
    print("images of which several things are said", several.sum(), "of", len(distinct), flush=True)
    images = D.load_images([p for p, _, _ in train])
    valid_images = D.load_images([p for p, _, _ in valid])
    other = [(p, D.SCENES.index(D.RSSCN7[os.path.basename(os.path.dirname(p))])) for p in sorted(glob.glob(os.path.join(args.data, "chips/rsscn7/*/*")))]
    other_images = D.load_images([p for p, _ in other])
    # Captions without a picture: five of one image say the same thing.
    alone = []
    for name in ("rsitmd", "ucm", "sydney"):
        lines = [c for c in D.read_lines(os.path.join(args.data, f"captions/{name}/train_caps.txt"))]
        alone += [lines[i : i + 5] for i in range(0, len(lines) - 4, 5)]
    worlds = None
    if args.worlds:
        lines = D.load_jsonl(os.path.join(args.worlds, "captions.jsonl"))
        worlds = (np.fromfile(os.path.join(args.worlds, "chips.bin"), np.uint8).reshape(len(lines), D.SIDE, D.SIDE, 3), lines)
        print("world chips", len(worlds[1]), flush=True)
    print(f"train {len(train)} valid {len(valid)} scenes alone {len(other)} captions alone {len(alone)}", flush=True)

    model = DualEncoder(tokenizer.get_vocab_size(), len(D.SCENES))
    if args.imagenet:
        model.image.load_imagenet(args.imagenet)
    if args.start:
        model.load_state_dict(torch.load(args.start, map_location="cpu")["model"])
    model.image = model.image.to(memory_format=torch.channels_last)
    for module in model.image.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 0.03
    for i, block in enumerate(model.image.blocks):
        block.drop = 0.05 * i / len(model.image.blocks)
    early = None
    if not args.train_early:
        for part in (model.image.stem, *model.image.blocks[:5]):
            for p in part.parameters():
                p.requires_grad_(False)
    fast = [*model.text.parameters(), *model.image.projection.parameters(), model.log_scale, *model.scene.parameters()]
    held = {id(p) for p in fast}
    slow = [p for p in model.parameters() if p.requires_grad and id(p) not in held]
    groups = [
        {"params": slow, "peak": args.lr, "weight_decay": 0.02},
        {"params": fast, "peak": args.lr_text, "weight_decay": 0.05},
    ]
    for g in groups:
        g["lr"] = g["peak"]
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98))
    average = {k: v.clone() for k, v in model.state_dict().items()}
    start_epoch, step = 0, 0
    if os.path.exists(path):
        held = torch.load(path, map_location="cpu")
        model.load_state_dict(held["raw"])
        average = held["model"]
        optimiser.load_state_dict(held["optimiser"])
        start_epoch, step = held["epoch"], held["step"]
        print("resumed at epoch", start_epoch, flush=True)

    if not args.train_early:
        early = EarlyBlocks(model.image, args.size, args.out, args.threads)
    per_world = args.batch // 8 if worlds else 0
    per_real = args.batch - per_world
    # With --several an epoch is all images of which several things are said, and half of the others.
    steps = math.ceil((several.sum() + (~several).sum() // 2 if args.several else len(train)) / per_real)
    total = steps * args.epochs
    for epoch in range(start_epoch, args.epochs):
        began = time.time()
        model.train()
        if early:
            for part in (model.image.stem, *model.image.blocks[:5]):
                part.eval()
        order = numbers.permutation(np.concatenate([np.flatnonzero(several), numbers.choice(np.flatnonzero(~several), (~several).sum() // 2, replace=False)]) if args.several else len(train))
        sums = np.zeros(4)
        for s in range(steps):
            share = step / total
            factor = min(1, step / 200) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share)))
            for g in optimiser.param_groups:
                g["lr"] = g["peak"] * factor
            pick = order[s * per_real : (s + 1) * per_real]
            extra = numbers.choice(len(other), 12, replace=False)
            pictures = [images[pick], other_images[extra]]
            captions, owners, said = [], [], []
            pictured = np.zeros((len(pick) + 12 + per_world, meanings.none.size), np.float32)
            for row, i in enumerate(pick):
                # Half of the images have the same words five times; those that have not say more.
                different = distinct[i]
                chosen = rng.sample(different, 2) if len(different) > 1 else different * 2
                pictured[row] = image_meanings[i]
                said += [meanings(c) for c in chosen]
                if rng.random() < 0.35:
                    chosen[1] = translate(chosen[1]) or chosen[1]
                captions += chosen
                owners += [row, row]
            if worlds:
                rows = numbers.choice(len(worlds[1]), per_world, replace=False)
                pictures.append(worlds[0][np.sort(rows)])
                for row, i in enumerate(np.sort(rows)):
                    captions += rng.sample(worlds[1][i]["captions"], 2)
                    owners += [len(pick) + 12 + row] * 2
                    said += [meanings.none] * 2
            batch = D.augment(np.concatenate(pictures), args.size, rng)
            if early:
                with torch.no_grad():
                    middle = early(batch).to(memory_format=torch.channels_last)
                features = model.image.late(middle)
            else:
                features = model.image.features(batch.to(memory_format=torch.channels_last))
            vectors = F.normalize(model.image.projection(F.dropout(features, 0.2, True)), dim=1)
            scale = model.log_scale.exp().clamp(max=60)
            text_vectors = model.text(*texts.batch(captions))
            loss = contrastive(vectors, text_vectors, owners, captions, scale, torch.from_numpy(pictured), torch.from_numpy(np.stack(said)))
            labelled = len(pick) + 12
            scene = torch.tensor([train[i][2] for i in pick] + [other[i][1] for i in extra])
            scene_loss = F.cross_entropy(model.scene(vectors[:labelled]) * 8, scene, label_smoothing=0.1)
            groups_alone = [alone[i] for i in numbers.choice(len(alone), 32, replace=False)]
            a, b = zip(*(rng.sample(five, 2) for five in groups_alone))
            b = [translate(c) or c if rng.random() < 0.4 else c for c in b]
            pair = model.text(*texts.batch([*a, *b]))
            text_loss = text_contrastive(pair[:32], pair[32:], scale)
            total_loss = loss + 0.4 * scene_loss + 0.15 * text_loss
            optimiser.zero_grad(set_to_none=True)
            total_loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            step += 1
            decay = min(0.998, (1 + step) / (20 + step))
            with torch.no_grad():
                for k, v in model.state_dict().items():
                    if v.dtype.is_floating_point:
                        average[k].mul_(decay).add_(v, alpha=1 - decay)
                    else:
                        average[k].copy_(v)
            sums += [loss.item(), scene_loss.item(), text_loss.item(), 1]
            if s % 20 == 0:
                print(f"  {epoch}.{s}/{steps} loss {sums[0] / sums[3]:.3f} scene {sums[1] / sums[3]:.3f} text {sums[2] / sums[3]:.3f} {sums[3] * args.batch / (time.time() - began):.0f} img/s", flush=True)
        torch.save({"model": average, "raw": model.state_dict(), "optimiser": optimiser.state_dict(), "epoch": epoch + 1, "step": step}, path + ".part")
        os.replace(path + ".part", path)
        line = f"epoch {epoch + 1} loss {sums[0] / sums[3]:.4f} scene {sums[1] / sums[3]:.4f} text {sums[2] / sums[3]:.4f} scale {scale.item():.1f} {time.time() - began:.0f} s"
        if (epoch + 1) % 2 == 0 or epoch + 1 == args.epochs:
            judge = DualEncoder(tokenizer.get_vocab_size(), len(D.SCENES))
            judge.load_state_dict(average)
            judge.eval()
            figures = mean_recall(judge, texts, valid, valid_images, args.test_size)
            line += " valid " + " ".join(f"{k} {v:.2f}" for k, v in figures.items())
        print(line, flush=True)


if __name__ == "__main__":
    main()
