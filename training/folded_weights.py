"""Weights of a shipped graph back into the network that it was exported from, so that training can go on from what ships.

An exported graph has its batch normalisations folded into the convolutions. They are unfolded again with the statistics of some
pictures: the network says the same as the graph, and its normalisations are those that training expects.
"""

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn


def weights_of(path):
    """Every weight of a graph by name, 16-bit ones under the name they are used by, and the nodes in their order."""
    graph = onnx.load(path).graph
    weights = {}
    for initializer in graph.initializer:
        weights[initializer.name.removesuffix("_fp16")] = torch.from_numpy(
            numpy_helper.to_array(initializer).astype(np.float32)
        )
    return weights, list(graph.node)


def unfold(network, path, pictures):
    """Loads the convolutions of the graph at `path` into `network` and fits its normalisations to `pictures`, a list of batches."""
    weights, nodes = weights_of(path)
    folded = [node for node in nodes if node.op_type == "Conv"]
    order = []
    hooks = [
        module.register_forward_hook(lambda module, _, __: order.append(module))
        for module in network.modules()
        if isinstance(module, (nn.Conv2d, nn.BatchNorm2d))
    ]
    network.eval()
    with torch.no_grad():
        network(pictures[0][:1])
    for hook in hooks:
        hook.remove()
    convolutions = [module for module in order if isinstance(module, nn.Conv2d)]
    if len(convolutions) != len(folded):
        raise SystemExit(f"{path} has {len(folded)} convolutions, the network {len(convolutions)}; they are not of one make.")
    pairs = []
    with torch.no_grad():
        for convolution, node in zip(convolutions, folded):
            convolution.weight.copy_(weights[node.input[1]])
            after = order.index(convolution) + 1
            norm = order[after] if after < len(order) and isinstance(order[after], nn.BatchNorm2d) else None
            if norm is None:
                convolution.bias.copy_(weights[node.input[2]])
                continue
            norm.weight.fill_(1)
            norm.bias.copy_(weights[node.input[2]])
            norm.running_mean.zero_()
            norm.running_var.fill_(1 - norm.eps)
            pairs.append((convolution, norm))
        sums = {convolution: [0.0, 0.0, 0] for convolution, _ in pairs}

        def measure(module, _, output):
            held = sums[module]
            held[0] = held[0] + output.double().sum((0, 2, 3))
            held[1] = held[1] + output.double().square().sum((0, 2, 3))
            held[2] += output.numel() // output.shape[1]

        hooks = [convolution.register_forward_hook(measure) for convolution, _ in pairs]
        for batch in pictures:
            network(batch)
        for hook in hooks:
            hook.remove()
        for convolution, norm in pairs:
            total, squares, count = sums[convolution]
            mean = total / count
            variance = (squares / count - mean**2).clamp(min=1e-8)
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance)
            norm.bias.add_(mean.float())
            norm.weight.copy_((variance + norm.eps).sqrt())
    return network
