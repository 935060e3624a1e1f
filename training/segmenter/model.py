"""A small fully convolutional network that labels every pixel: an encoder-decoder in the manner of U-Net (Ronneberger et al. 2015,
arXiv 1505.04597) that works at half resolution and doubles its output by pixel shuffle."""

import torch
import torch.nn.functional as F
from torch import nn

MEAN, STD = 0.45, 0.25


def conv(inputs, outputs, kernel=3, stride=1, dilation=1):
    padding = dilation * (kernel // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class Residual(nn.Module):
    def __init__(self, width, dilation=1):
        super().__init__()
        self.first = conv(width, width, dilation=dilation)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        return F.relu(x + self.second(self.first(x)))


class Segmenter(nn.Module):
    """RGB in 0..1, [n, 3, h, w] with sides divisible by 16 → logits [n, classes, h, w]."""

    def __init__(self, classes, widths=(16, 32, 64, 96)):
        super().__init__()
        a, b, c, d = widths
        self.stem = nn.Sequential(conv(3, a, 5, 2), conv(a, a))
        self.down1 = nn.Sequential(conv(a, b, 3, 2), Residual(b))
        self.down2 = nn.Sequential(conv(b, c, 3, 2), Residual(c), Residual(c))
        self.down3 = nn.Sequential(conv(c, d, 3, 2), Residual(d), Residual(d, 2), Residual(d, 4))
        self.side3, self.side2, self.side1 = conv(d, c, 1), conv(c, b, 1), conv(b, 24, 1)
        self.up2, self.up1 = Residual(c), Residual(b)
        self.merge = conv(24 + a, 24)
        self.head = nn.Conv2d(24, classes * 4, 1)

    def forward(self, x):
        x = (x - MEAN) / STD
        s0 = self.stem(x)
        s1 = self.down1(s0)
        s2 = self.down2(s1)
        s3 = self.down3(s2)
        y = self.up2(s2 + F.interpolate(self.side3(s3), scale_factor=2, mode="nearest"))
        y = self.up1(s1 + F.interpolate(self.side2(y), scale_factor=2, mode="nearest"))
        y = F.interpolate(self.side1(y), scale_factor=2, mode="nearest")
        y = self.merge(torch.cat([y, s0], 1))
        return F.pixel_shuffle(self.head(y), 2)
