"""PyTorch modules as users write them."""

from collections import namedtuple

import torch
from torch import nn

WIDTH = 8
Pair = namedtuple("Pair", ["logits", "probability"])  # noqa: PYI024


def squashed(x):
    return torch.relu(x) / WIDTH


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.norm = nn.BatchNorm1d(width)
        self.dropout = nn.Dropout(0.5)
        self.register_buffer("scale", torch.full((width,), 1.5), persistent=False)

    def forward(self, x):
        return self.dropout(self.norm(squashed(self.linear(x)))) * self.scale


class Net(nn.Module):
    def __init__(self, blocks=2):
        super().__init__()
        self.blocks = nn.ModuleList(Block(WIDTH) for _ in range(blocks))
        self.head = nn.Linear(WIDTH, 3)
        self.depth = blocks
        self.outside = torch.ones(3)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x) + self.outside


class Deciding(Net):
    """No graph can be drawn of what looks at its values."""

    def forward(self, x):
        x = super().forward(x)
        if x.sum().item() > 0 and bool(x.numel() % 2 == int(x[0, 0].item()) % 2):
            x = x + 1
        return {"logits": x, "best": x.argmax(-1)}


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10, WIDTH)
        self.head = nn.Linear(WIDTH, 10, bias=False)
        self.head.weight = self.embedding.weight

    def forward(self, tokens, mask):
        logits = self.head(self.embedding(tokens) * mask.unsqueeze(-1))
        return logits, logits.softmax(-1)


class TiedToPair(Tied):
    def forward(self, tokens, mask):
        return Pair(*super().forward(tokens, mask))


class Towers(nn.Module):
    """Takes two inputs of different widths."""

    def __init__(self):
        super().__init__()
        self.left = nn.Linear(WIDTH, 3)
        self.right = nn.Linear(4, 3)

    def forward(self, image, text):
        return self.left(image) * self.right(text)


class DecidingTowers(Towers):
    def forward(self, image, text):
        joined = super().forward(image, text)
        return joined + 1 if joined.sum().item() > 0 else joined - 1


class SpreadTowers(Towers):
    def forward(self, *parts):
        return super().forward(*parts)


class PlacedTowers(Towers):
    def forward(self, image, /, text):
        return super().forward(image, text)


class ResNetTiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))

    def forward(self, image):
        return self.layers(image)


class Holding(nn.Linear):
    def __init__(self, file):
        super().__init__(2, 2)
        self.file = file


class Activated(nn.Linear):
    def __init__(self):
        super().__init__(2, 2)
        self.activation = lambda x: x
