"""The dual encoder: an EfficientNet-Lite0 image tower and a small transformer text tower into one space."""

import math

import torch
import torch.nn.functional as F
from torch import nn

DIMENSIONS = 256
MAX_TOKENS = 40

# Kernel, stride, expansion, output channels, repeats: EfficientNet-Lite0 (Tan and Le 2019, arXiv 1905.11946; the Lite variant
# has no squeeze-and-excitation and ReLU6 for swish).
STAGES = [
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
]
# Blocks up to here see edges and textures only; they are frozen while the rest learns, and trained last.
EARLY_BLOCKS = 5


class SamePad(nn.Conv2d):
    """A convolution padded as TensorFlow's SAME does it: stride 2 pads more at the right and the bottom."""

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1):
        super().__init__(inputs, outputs, kernel, stride, kernel // 2 if stride == 1 else 0, groups=groups, bias=False)
        total = kernel - 2
        self.pad = None if stride == 1 else (total // 2, total - total // 2, total // 2, total - total // 2)

    def forward(self, x):
        return super().forward(x if self.pad is None else F.pad(x, self.pad))


class Block(nn.Module):
    """An inverted residual: expand, depthwise, project."""

    def __init__(self, inputs, outputs, kernel, stride, expansion):
        super().__init__()
        hidden = inputs * expansion
        self.expand = (
            nn.Sequential(SamePad(inputs, hidden, 1), nn.BatchNorm2d(hidden, eps=1e-3, momentum=0.01))
            if expansion > 1
            else None
        )
        self.depthwise = nn.Sequential(
            SamePad(hidden, hidden, kernel, stride, hidden), nn.BatchNorm2d(hidden, eps=1e-3, momentum=0.01)
        )
        self.project = nn.Sequential(SamePad(hidden, outputs, 1), nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01))
        self.skip = stride == 1 and inputs == outputs
        self.drop = 0.0

    def forward(self, x):
        y = x if self.expand is None else F.relu6(self.expand(x))
        y = self.project(F.relu6(self.depthwise(y)))
        if not self.skip:
            return y
        if self.training and self.drop > 0:
            keep = (torch.rand(x.shape[0], 1, 1, 1) >= self.drop).to(x.dtype) / (1 - self.drop)
            y = y * keep
        return x + y


class ImageTower(nn.Module):
    """RGB in 0..1, [n, 3, h, w] → unit vectors [n, 256]."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(SamePad(3, 32, 3, 2), nn.BatchNorm2d(32, eps=1e-3, momentum=0.01))
        blocks, inputs = [], 32
        for kernel, stride, expansion, outputs, repeats in STAGES:
            for i in range(repeats):
                blocks.append(Block(inputs, outputs, kernel, stride if i == 0 else 1, expansion))
                inputs = outputs
        self.blocks = nn.ModuleList(blocks)
        self.head = nn.Sequential(SamePad(320, 1280, 1), nn.BatchNorm2d(1280, eps=1e-3, momentum=0.01))
        self.projection = nn.Linear(1280, DIMENSIONS)

    def early(self, x):
        x = F.relu6(self.stem((x * 255 - 127) / 128))
        for block in self.blocks[:EARLY_BLOCKS]:
            x = block(x)
        return x

    def late(self, x):
        for block in self.blocks[EARLY_BLOCKS:]:
            x = block(x)
        return F.relu6(self.head(x)).mean((2, 3))

    def features(self, x):
        return self.late(self.early(x))

    def forward(self, x):
        return F.normalize(self.projection(self.features(x)), dim=1)

    def load_imagenet(self, path):
        """Starts from EfficientNet-Lite0 trained on ImageNet (Apache-2.0); every layer is trained on afterwards."""
        theirs = torch.load(path, map_location="cpu")
        names = {}
        for k in theirs:
            if k.endswith("num_batches_tracked") or k.startswith("_fc"):
                continue
            n = k.replace("_conv_stem", "stem.0").replace("_conv_head", "head.0")
            n = n.replace("_bn0", "stem.1") if k.startswith("_bn0") else n
            n = n.replace("_bn1", "head.1") if k.startswith("_bn1") else n
            if k.startswith("_blocks"):
                _, i, part, rest = k.split(".", 3)
                has_expand = self.blocks[int(i)].expand is not None
                table = {
                    "_expand_conv": "expand.0",
                    "_bn0": "expand.1",
                    "_depthwise_conv": "depthwise.0",
                    "_bn1": "depthwise.1",
                    "_project_conv": "project.0",
                    "_bn2": "project.1",
                }
                assert has_expand or part not in ("_expand_conv", "_bn0")
                n = f"blocks.{i}.{table[part]}.{rest}"
            names[n] = theirs[k]
        missing, unexpected = self.load_state_dict(names, strict=False)
        missing = [m for m in missing if not m.endswith("num_batches_tracked")]
        assert missing == ["projection.weight", "projection.bias"] and not unexpected, (missing, unexpected)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x, bias):
        n, t, w = x.shape
        q, k, v = self.qkv(x).view(n, t, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        return self.out(mixed.transpose(1, 2).reshape(n, t, w))


class TextLayer(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.mlp = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Dropout(0.1), nn.Linear(hidden, width))
        self.drop = nn.Dropout(0.1)

    def forward(self, x, bias):
        x = x + self.drop(self.attention(self.norm1(x), bias))
        return x + self.drop(self.mlp(self.norm2(x)))


class TextTower(nn.Module):
    """Token ids and mask [n, t] → unit vectors [n, 256]. A mean of the words beside the transformer keeps rare words in."""

    def __init__(self, vocabulary, width=192, layers=2, heads=4, hidden=384):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width, padding_idx=0)
        nn.init.normal_(self.embedding.weight, std=0.05)
        self.position = nn.Parameter(torch.randn(MAX_TOKENS, width) * 0.01)
        self.layers = nn.ModuleList([TextLayer(width, heads, hidden) for _ in range(layers)])
        self.norm = nn.LayerNorm(width)
        self.weigh = nn.Linear(width, 1)
        self.projection = nn.Linear(2 * width, DIMENSIONS)

    def forward(self, ids, mask):
        m = mask.to(torch.float32)
        words = self.embedding(ids)
        x = words + self.position[: ids.shape[1]]
        bias = ((1 - m) * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        x = self.norm(x)
        weights = (self.weigh(x).squeeze(-1) + (1 - m) * -1e4).softmax(-1)
        pooled = (weights[:, :, None] * x).sum(1)
        bag = (words * m[:, :, None]).sum(1) / m.sum(1, keepdim=True).clamp(min=1)
        return F.normalize(self.projection(torch.cat([pooled, bag], 1)), dim=1)


class DualEncoder(nn.Module):
    def __init__(self, vocabulary, scenes):
        super().__init__()
        self.image = ImageTower()
        self.text = TextTower(vocabulary)
        self.log_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        self.scene = nn.Linear(DIMENSIONS, scenes)
