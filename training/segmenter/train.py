"""Trains the segmenter on windows of painted worlds, with the light, the season, the sensor and the colour of every kind of
surface drawn anew each time. Resumes from its checkpoint.

    python train.py --windows labels/ --labels grass,field,… --out run --epochs 30
"""

import argparse
import json
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

from model import Segmenter
from scenes import Scenes

SIDE = 256


def randomise(x, y, crop, rng):
    """uint8 [n, 256, 256, 3] and labels → float [n, 3, crop, crop] and labels: nothing that paint could betray stays the same."""
    n = len(x)
    pictures, labels = [], []
    for i in range(n):
        a, b = rng.randint(0, SIDE - crop + 1, 2)
        p, t = x[i, a : a + crop, b : b + crop], y[i, a : a + crop, b : b + crop]
        k = rng.randint(4)
        p, t = np.rot90(p, k), np.rot90(t, k)
        if rng.rand() < 0.5:
            p, t = p[:, ::-1], t[:, ::-1]
        pictures.append(p.copy())
        labels.append(t.copy())
    images = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float().div_(255)
    target = torch.from_numpy(np.stack(labels)).long()
    # Each kind of surface gets a colour of its own in some pictures: soils, roofs, crops and waters of other places.
    table = torch.randn(n, 32, 3) * torch.where(torch.rand(n, 1, 1) < 0.4, torch.rand(n, 1, 1) * 0.07, torch.zeros(n, 1, 1))
    shift = torch.stack([table[i][target[i]] for i in range(n)]).permute(0, 3, 1, 2)
    images = images + F.avg_pool2d(shift, 3, 1, 1)
    contrast = torch.empty(n, 1, 1, 1).uniform_(0.8, 1.25)
    mean = images.mean((2, 3), keepdim=True)
    images = (images - mean) * contrast + mean + torch.empty(n, 1, 1, 1).uniform_(-0.08, 0.08)
    images = images * torch.empty(n, 3, 1, 1).uniform_(0.92, 1.08)
    luma = images.mean(1, keepdim=True)
    images = luma + (images - luma) * torch.empty(n, 1, 1, 1).uniform_(0.7, 1.3)
    images = images.clamp(1e-3, 1) ** torch.empty(n, 1, 1, 1).uniform_(0.82, 1.22)
    haze = torch.rand(n, 1, 1, 1) * 0.2 * (torch.rand(n, 1, 1, 1) < 0.3)
    images = images * (1 - haze) + 0.76 * haze
    coarsen(images, rng)
    k = int(n * 0.2)
    pick = torch.randperm(n)[:k]
    width = float(rng.uniform(0.4, 1.4))
    taps = torch.exp(-torch.arange(-3, 4).float() ** 2 / (2 * width**2))
    taps = (taps / taps.sum()).view(1, 1, -1)
    soft = images[pick].reshape(-1, 1, crop, crop)
    soft = F.conv2d(F.pad(soft, (3, 3, 0, 0), mode="replicate"), taps.view(1, 1, 1, 7))
    soft = F.conv2d(F.pad(soft, (0, 0, 3, 3), mode="replicate"), taps.view(1, 1, 7, 1))
    images[pick] = soft.reshape(k, 3, crop, crop)
    images = dull(images.clamp_(0, 1))
    images = images + torch.randn_like(images) * torch.rand(n, 1, 1, 1) * 0.03
    return images.clamp_(0, 1), target


def dull(images):
    """Half of the windows as imagery comes that nobody has stretched: little contrast, dark or pale, with a cast of one colour."""
    n = len(images)
    some = (torch.rand(n, 1, 1, 1) < 0.5).float()
    contrast = 1 - some * (1 - torch.empty(n, 1, 1, 1).uniform_(0.3, 1.0))
    cast = 1 + some * torch.empty(n, 3, 1, 1).uniform_(-0.18, 0.18)
    mean = images.mean((2, 3), keepdim=True)
    level = mean + some * (torch.empty(n, 1, 1, 1).uniform_(0.25, 0.6) - mean) * torch.rand(n, 1, 1, 1)
    return ((images - mean) * contrast + level * cast).clamp_(0, 1)


def coarsen(images, rng):
    """Some windows as if of coarser imagery, read at 1 m all the same: their detail is gone."""
    side = images.shape[-1]
    for i in range(len(images)):
        if rng.rand() < 0.4:
            low = F.interpolate(images[i : i + 1], size=(int(side / rng.uniform(1.3, 4.0)),) * 2, mode="area")
            images[i] = F.interpolate(low, size=(side, side), mode="bilinear", align_corners=False)[0]


def enlarge(chips, crop, rng):
    """Real chips, which are coarse, as the segmenter meets coarse imagery: a part of each, enlarged; uint8 [n, s, s, 3] → float."""
    pictures = []
    for chip in chips:
        side = int(rng.uniform(0.4, 1.0) * len(chip))
        a, b = rng.randint(0, len(chip) - side + 1, 2)
        part = np.rot90(chip[a : a + side, b : b + side], rng.randint(4))
        if rng.rand() < 0.5:
            part = part[:, ::-1]
        part = torch.from_numpy(part.copy()).permute(2, 0, 1).float().div_(255)
        pictures.append(F.interpolate(part[None], size=(crop, crop), mode="bilinear", align_corners=False))
    images = torch.cat(pictures)
    n = len(images)
    images = images * torch.empty(n, 1, 1, 1).uniform_(0.8, 1.2) + torch.empty(n, 1, 1, 1).uniform_(-0.06, 0.06)
    return dull((images * torch.empty(n, 3, 1, 1).uniform_(0.94, 1.06)).clamp_(0, 1))


def weak_loss(p, may, must):
    """Probability of what a scene cannot hold, and of the lack of what it must hold (a tenth of the window is enough)."""
    possible = (p * may[:, :, None, None]).sum(1).clamp(min=1e-4)
    loss = -possible.log().mean()
    for i, sets in enumerate(must):
        for one in sets:
            share = p[i, one].sum(0).mean()
            loss = loss - 0.3 / len(must) * (share.clamp(min=1e-4) / 0.1).clamp(max=1).log()
    return loss


def figures(confusion):
    """Intersection over union of each class, from a confusion matrix [truth, said]."""
    both = np.diag(confusion)
    either = confusion.sum(0) + confusion.sum(1) - both
    return np.where(confusion.sum(1) > 0, both / np.maximum(either, 1), np.nan)


def judge(model, x, y, classes):
    model.eval()
    confusion = np.zeros((classes, classes), np.int64)
    with torch.no_grad():
        for i in range(0, len(x), 8):
            p = torch.from_numpy(np.ascontiguousarray(x[i : i + 8])).permute(0, 3, 1, 2).float().div_(255)
            said = model(p.to(memory_format=torch.channels_last)).argmax(1).numpy()
            confusion += np.bincount((y[i : i + 8].astype(np.int64) * classes + said).ravel(), minlength=classes**2).reshape(classes, classes)
    return figures(confusion)


def judge_scenes(model, scenes, size=320):
    """Share of the pixels of held real chips that are labelled with what their scene can hold: as they are, and dark with little contrast."""
    model.eval()
    right, faintly = [], []
    with torch.no_grad():
        for i in scenes.held[:300]:
            p = torch.from_numpy(scenes.pictures[i]).permute(2, 0, 1)[None].float().div_(255)
            said = model(F.interpolate(p, size=(size, size), mode="bilinear")).argmax(1).numpy()
            right.append(scenes.may[scenes.scenes[i]][said].mean())
            faint = (p - p.mean()) * 0.4 + 0.36
            said = model(F.interpolate(faint, size=(size, size), mode="bilinear")).argmax(1).numpy()
            faintly.append(scenes.may[scenes.scenes[i]][said].mean())
    return float(np.mean(right)), float(np.mean(faintly))


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--windows", required=True)
    a.add_argument("--labels", required=True)
    a.add_argument("--out", required=True)
    a.add_argument("--epochs", type=int, default=30)
    a.add_argument("--batch", type=int, default=24)
    a.add_argument("--crop", type=int, default=192)
    a.add_argument("--lr", type=float, default=2e-3)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--gsd", default="0.3,5", help="windows of these GSDs alone; the segmenter reads imagery at one GSD")
    a.add_argument("--start", help="checkpoint whose weights are gone on with")
    a.add_argument("--data", help="third-party data: real chips with the kind of their scene are learned from beside the windows")
    a.add_argument("--weak", type=int, default=4, help="of those in each batch")
    a.add_argument("--worlds-held", type=int, default=3, help="worlds at the end of the file that are not trained on")
    args = a.parse_args()
    os.makedirs(args.out, exist_ok=True)
    torch.set_num_threads(args.threads)
    path = os.path.join(args.out, "last.pt")
    # A resumed run must not draw the same windows again.
    offset = 1000 * torch.load(path, map_location="cpu")["epoch"] if os.path.exists(path) else 0
    torch.manual_seed(3 + offset)
    rng = np.random.RandomState(3 + offset)
    names = args.labels.split(",")
    classes = len(names)
    windows = [json.loads(line) for line in open(os.path.join(args.windows, "windows.jsonl"))]
    n = len(windows)
    x = np.memmap(os.path.join(args.windows, "images.bin"), np.uint8, "r", shape=(n, SIDE, SIDE, 3))
    y = np.memmap(os.path.join(args.windows, "labels.bin"), np.uint8, "r", shape=(n, SIDE, SIDE))
    low, high = map(float, args.gsd.split(","))
    kept = [i for i, w in enumerate(windows) if low <= w["gsd"] <= high]
    x, y, windows = x[kept], y[kept], [windows[i] for i in kept]
    seeds = sorted({w["seed"] for w in windows})
    held_seeds = set(seeds[-args.worlds_held :])
    held = np.array([w["seed"] in held_seeds for w in windows])
    train = np.flatnonzero(~held)
    valid = np.flatnonzero(held)
    share = np.bincount(y[train].ravel(), minlength=classes) / y[train].size
    weights = torch.tensor(np.clip((0.02 / np.maximum(share, 1e-6)) ** 0.5, 0.4, 6), dtype=torch.float32)
    print(len(train), len(valid), dict(zip(names, share.round(4))), flush=True)
    scenes = Scenes(args.data, names) if args.data else None
    model = Segmenter(classes).to(memory_format=torch.channels_last)
    if args.start:
        model.load_state_dict(torch.load(args.start, map_location="cpu")["model"])
    print(sum(p.numel() for p in model.parameters()), "parameters", flush=True)
    optimiser = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=0.01)
    average = {k: v.clone() for k, v in model.state_dict().items()}
    first, step = 0, 0
    if os.path.exists(path):
        state = torch.load(path, map_location="cpu")
        model.load_state_dict(state["raw"])
        average, first, step = state["model"], state["epoch"], state["step"]
        optimiser.load_state_dict(state["optimiser"])
    steps = len(train) // args.batch
    total = steps * args.epochs
    for epoch in range(first, args.epochs):
        began, sums = time.time(), np.zeros(3)
        model.train()
        order = rng.permutation(train)
        for s in range(steps):
            for g in optimiser.param_groups:
                g["lr"] = args.lr * min(1, step / 100) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / total)))
            pick = np.sort(order[s * args.batch : (s + 1) * args.batch])
            images, target = randomise(x[pick], y[pick], args.crop, rng)
            if scenes:
                real = rng.choice(scenes.train, args.weak, replace=False)
                images = torch.cat([images, enlarge(scenes.pictures[real], args.crop, rng)])
            everything = model(images.to(memory_format=torch.channels_last))
            logits = everything[: len(target)]
            loss = F.cross_entropy(logits, target, weight=weights, label_smoothing=0.02)
            # Soft dice of the classes that are there: thin and small things count as much as wide ones.
            p = logits.softmax(1)
            truth = F.one_hot(target, classes).permute(0, 3, 1, 2).float()
            both, either = (p * truth).sum((0, 2, 3)), (p + truth).sum((0, 2, 3))
            there = truth.sum((0, 2, 3)) > 20
            dice = 1 - (2 * both[there] / either[there].clamp(min=1)).mean()
            weak = torch.zeros(())
            if scenes:
                may = torch.from_numpy(np.stack([scenes.may[scenes.scenes[i]] for i in real]))
                weak = weak_loss(everything[len(target) :].softmax(1), may, [scenes.must[scenes.scenes[i]] for i in real])
            optimiser.zero_grad(set_to_none=True)
            (loss + 0.7 * dice + 0.3 * weak).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimiser.step()
            step += 1
            decay = min(0.997, (1 + step) / (20 + step))
            with torch.no_grad():
                for k, v in model.state_dict().items():
                    if v.dtype.is_floating_point:
                        average[k].mul_(decay).add_(v, alpha=1 - decay)
                    else:
                        average[k].copy_(v)
            sums += [loss.item() + 0.7 * dice.item(), weak.item(), 1]
            if s % 40 == 0:
                print(f"  {epoch}.{s}/{steps} {sums[0] / sums[2]:.3f} weak {sums[1] / sums[2]:.3f} {sums[2] * args.batch / (time.time() - began):.1f} windows/s", flush=True)
        torch.save({"model": average, "raw": model.state_dict(), "optimiser": optimiser.state_dict(), "epoch": epoch + 1, "step": step, "labels": names}, path + ".part")
        os.replace(path + ".part", path)
        line = f"epoch {epoch + 1} loss {sums[0] / sums[2]:.4f} weak {sums[1] / sums[2]:.4f} {time.time() - began:.0f} s"
        if (epoch + 1) % 3 == 0 or epoch + 1 == args.epochs:
            one = Segmenter(classes)
            one.load_state_dict(average)
            iou = judge(one, x[valid[::3]], y[valid[::3]], classes)
            if scenes:
                as_is, faint = judge_scenes(one, scenes)
                line += f" possible on real chips {as_is:.3f}, on faint ones {faint:.3f}"
            line += f" mIoU {np.nanmean(iou):.3f} " + " ".join(f"{k} {v:.2f}" for k, v in zip(names, iou))
        print(line, flush=True)


if __name__ == "__main__":
    main()
