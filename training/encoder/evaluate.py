"""Recall of the dual encoder on a validation part: text to image and image to text, R@1, 5, 10 and their mean."""

import numpy as np
import torch
import torch.nn.functional as F


def encode_images(model, images, size):
    out = []
    with torch.no_grad():
        for i in range(0, len(images), 64):
            x = torch.from_numpy(np.ascontiguousarray(images[i : i + 64])).permute(0, 3, 1, 2).to(torch.float32) / 255
            x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
            out.append(model.image(x))
    return torch.cat(out)


def encode_texts(model, texts, captions):
    out = []
    with torch.no_grad():
        for i in range(0, len(captions), 256):
            out.append(model.text(*texts.batch(captions[i : i + 256], drop=0)))
    return torch.cat(out)


def recalls(v, t, owners):
    """v [n, d], t [m, d], owners [m] → figures in percent."""
    similar = v @ t.t()
    owners = torch.as_tensor(owners)
    figures = {}
    order = similar.argsort(dim=1, descending=True)
    hit = owners[order] == torch.arange(len(v))[:, None]
    order_t = similar.t().argsort(dim=1, descending=True)
    hit_t = order_t == owners[:, None]
    for k in (1, 5, 10):
        figures[f"i2t{k}"] = 100 * hit[:, :k].any(1).float().mean().item()
    for k in (1, 5, 10):
        figures[f"t2i{k}"] = 100 * hit_t[:, :k].any(1).float().mean().item()
    figures["mR"] = sum(figures.values()) / 6
    return figures


def mean_recall(model, texts, items, images, size):
    captions = [c for _, five, _ in items for c in five]
    owners = [i for i, (_, five, _) in enumerate(items) for _ in five]
    pictures, words = encode_images(model, images, size), encode_texts(model, texts, captions)
    figures = recalls(pictures, words, owners)
    # RSICD's training part has many images with one caption five times, its test part hardly any: the same with each caption once.
    once = [j for j, c in enumerate(captions) if c not in captions[j - j % 5 : j]]
    figures["mR once"] = recalls(pictures, words[once], [owners[j] for j in once])["mR"]
    return figures
