"""Writes the tiny ONNX models of tests/fixtures/models, whose answers can be computed by hand.

Needs the packages onnx and numpy only:  python training/make_tiny_models.py
Each graph does one plain thing (a mean colour, a table of word vectors, a grid of boxes), so that tests know every number
that must come out. The broken ones are what downloads and exports really go wrong with. The manifests beside the files
are written by hand; `npm run format` lays out the JSON.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "models"
FLOAT, HALF, INT64 = TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.INT64

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "red", "green", "blue", "grey", "roof", "##s", "水", "a"]


def constant(name: str, values, dtype=np.float32):
    return numpy_helper.from_array(np.asarray(values, dtype=dtype), name)


def value(name: str, kind: int, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def save(path: str, nodes, inputs, outputs, constants=(), opset: int = 17) -> bytes:
    graph = helper.make_graph(list(nodes), "tiny", list(inputs), list(outputs), list(constants))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], producer_name="tiny")
    model.ir_version = 9
    data = model.SerializeToString()
    target = ROOT / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return data


# Mean colour to four numbers: red, green, blue and nought.
COLOUR_TO_VECTOR = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]


def image_nodes(source: str, result: str):
    return [
        helper.make_node("ReduceMean", [source], ["mean_colour"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["mean_colour", "projection"], [result]),
    ]


def word_vectors() -> np.ndarray:
    """The end token adds half of the fourth direction, so that a cut text shows whether it kept its end."""
    table = np.zeros((len(WORDS), 4), dtype=np.float32)
    for i, word in enumerate(["red", "green", "blue"]):
        table[WORDS.index(word), i] = 1
    table[WORDS.index("grey")] = [1, 1, 1, 0]
    table[WORDS.index("roof")] = [0, 0, 0, 1]
    table[WORDS.index("水")] = [0, 0, 2, 0]
    table[WORDS.index("[SEP]")] = [0, 0, 0, 0.5]
    return table


def text_nodes(ids: str, mask: str, result: str):
    return [
        helper.make_node("Gather", ["words", ids], ["vectors"], axis=0),
        helper.make_node("Cast", [mask], ["mask_float"], to=FLOAT),
        helper.make_node("Unsqueeze", ["mask_float", "last"], ["mask_column"]),
        helper.make_node("Mul", ["vectors", "mask_column"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "second"], [result], keepdims=0),
    ]


def text_constants():
    return [constant("words", word_vectors()), constant("last", [-1], np.int64), constant("second", [1], np.int64)]


def dual_encoders() -> None:
    projection = constant("projection", COLOUR_TO_VECTOR)
    image = value("pixel_values", FLOAT, ["batch", 3, 8, 8])
    ids, mask = value("input_ids", INT64, ["batch", 8]), value("attention_mask", INT64, ["batch", 8])
    image_out, text_out = value("image_embeds", FLOAT, ["batch", 4]), value("text_embeds", FLOAT, ["batch", 4])
    save("tiny-clip/image.onnx", image_nodes("pixel_values", "image_embeds"), [image], [image_out], [projection])
    save("tiny-clip/text.onnx", text_nodes("input_ids", "attention_mask", "text_embeds"), [ids, mask], [text_out], text_constants())
    save(
        "tiny-joint/model.onnx",
        [
            *image_nodes("pixel_values", "image_embeds"),
            *text_nodes("input_ids", "attention_mask", "text_embeds"),
            helper.make_node("Transpose", ["text_embeds"], ["turned"], perm=[1, 0]),
            helper.make_node("MatMul", ["image_embeds", "turned"], ["logits_per_image"]),
        ],
        [value("pixel_values", FLOAT, ["images", 3, 8, 8]), value("input_ids", INT64, ["texts", 8]), value("attention_mask", INT64, ["texts", 8])],
        [
            value("logits_per_image", FLOAT, ["images", "texts"]),
            value("text_embeds", FLOAT, ["texts", 4]),
            value("image_embeds", FLOAT, ["images", 4]),
        ],
        [projection, *text_constants()],
    )
    # Half precision in and out, always two pictures at once, and outputs without the usual names.
    save(
        "tiny-half/image.onnx",
        image_nodes("x", "y"),
        [value("x", HALF, [2, 3, 8, 8])],
        [value("y", HALF, [2, 4])],
        [constant("projection", COLOUR_TO_VECTOR, np.float16)],
    )


def text_encoder() -> None:
    """A vector a token; the filling's is large, so that pooling over it would show. Types are read and must be nought."""
    table = np.zeros((len(WORDS), 3), dtype=np.float32)
    table[WORDS.index("[PAD]")] = [90, 90, 90]
    table[WORDS.index("[CLS]")] = [0, 0, 3]
    for i, word in enumerate(["red", "green", "blue"]):
        table[WORDS.index(word), i] = 3
    save(
        "tiny-text/model.onnx",
        [
            helper.make_node("Gather", ["words", "input_ids"], ["vectors"], axis=0),
            helper.make_node("Add", ["input_ids", "token_type_ids"], ["unused_sum"]),
            helper.make_node("Cast", ["token_type_ids"], ["types"], to=FLOAT),
            helper.make_node("Unsqueeze", ["types", "last"], ["type_column"]),
            helper.make_node("Cast", ["attention_mask"], ["mask"], to=FLOAT),
            helper.make_node("Unsqueeze", ["mask", "last"], ["mask_column"]),
            helper.make_node("Mul", ["mask_column", "nought"], ["no_mask"]),
            helper.make_node("Add", ["vectors", "type_column"], ["typed"]),
            helper.make_node("Add", ["typed", "no_mask"], ["last_hidden_state"]),
        ],
        [value(name, INT64, ["batch", "length"]) for name in ("input_ids", "attention_mask", "token_type_ids")],
        [value("last_hidden_state", FLOAT, ["batch", "length", 3])],
        [constant("words", table), constant("last", [-1], np.int64), constant("nought", [0.0])],
    )


def detectors() -> None:
    """One box for each 8 px cell of a 64 px picture, 12 px wide and 4 px high: red is the score of the first class, green of the second.

    The oriented one turns it by pi / 2 radians times the blue of the cell.
    """
    cells, side = 8, 8
    centres = np.arange(cells, dtype=np.float32) * side + side / 2
    cy, cx = np.meshgrid(centres, centres, indexing="ij")
    boxes = np.stack([cx.ravel(), cy.ravel(), np.full(64, 12.0), np.full(64, 4.0)])[None].astype(np.float32)
    common = [
        helper.make_node("AveragePool", ["images"], ["cells"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Reshape", ["cells", "flat"], ["colours"]),
        helper.make_node("Slice", ["colours", "from0", "to2", "channel"], ["scores"]),
    ]
    constants = [
        constant("boxes", boxes),
        constant("flat", [1, 3, 64], np.int64),
        constant("from0", [0], np.int64),
        constant("to2", [2], np.int64),
        constant("to3", [3], np.int64),
        constant("channel", [1], np.int64),
        constant("quarter", [np.pi / 2]),
    ]
    image = value("images", FLOAT, [1, 3, 64, 64])
    save(
        "tiny-boxes/model.onnx",
        [*common, helper.make_node("Concat", ["boxes", "scores"], ["output0"], axis=1)],
        [image],
        [value("output0", FLOAT, [1, 6, 64])],
        constants,
    )
    save(
        "tiny-oriented/model.onnx",
        [
            *common,
            helper.make_node("Slice", ["colours", "to2", "to3", "channel"], ["blue"]),
            helper.make_node("Mul", ["blue", "quarter"], ["angle"]),
            helper.make_node("Concat", ["boxes", "scores", "angle"], ["output0"], axis=1),
        ],
        [image],
        [value("output0", FLOAT, [1, 7, 64])],
        constants,
    )


def segmenters() -> None:
    """Logits: background 5, then ten times the red, ten times the blue; the second one over a 5 px mean, at half size."""
    weights = np.zeros((3, 3, 1, 1), dtype=np.float32)
    weights[1, 0], weights[2, 2] = 10, 10
    constants = [constant("weights", weights), constant("bias", [5, 0, 0])]
    image = value("pixel_values", FLOAT, ["batch", 3, "height", "width"])
    conv = lambda source: helper.make_node("Conv", [source, "weights", "bias"], ["logits"], kernel_shape=[1, 1])
    save(
        "tiny-segmenter/model.onnx",
        [conv("pixel_values")],
        [image],
        [value("logits", FLOAT, ["batch", 3, "height", "width"])],
        constants,
    )
    save(
        "tiny-segmenter-wide/model.onnx",
        [
            helper.make_node("AveragePool", ["pixel_values"], ["smooth"], kernel_shape=[5, 5], pads=[2, 2, 2, 2], count_include_pad=1),
            helper.make_node("MaxPool", ["smooth"], ["halved"], kernel_shape=[2, 2], strides=[2, 2]),
            conv("halved"),
            helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
        ],
        [image],
        [value("probabilities", FLOAT, ["batch", 3, "half_height", "half_width"])],
        constants,
    )
    # Settles the labels itself.
    save(
        "tiny-segmenter-labels/model.onnx",
        [
            conv("pixel_values"),
            helper.make_node("Softmax", ["logits"], ["shares"], axis=1),
            helper.make_node("ReduceMax", ["shares"], ["probabilities"], axes=[1], keepdims=0),
            helper.make_node("ArgMax", ["logits"], ["likeliest"], axis=1, keepdims=0),
            helper.make_node("Cast", ["likeliest"], ["labels"], to=TensorProto.UINT8),
        ],
        [image],
        [
            value("labels", TensorProto.UINT8, ["batch", "height", "width"]),
            value("probabilities", FLOAT, ["batch", "height", "width"]),
        ],
        constants,
    )


def geo_encoder() -> None:
    """Means of 2 px patches of two bands as four tokens after one of class, times a constant input."""
    weights = np.zeros((2, 2, 2, 2), dtype=np.float32)
    weights[0, 0], weights[1, 1] = 0.25, 0.25
    save(
        "tiny-geo/model.onnx",
        [
            helper.make_node("Squeeze", ["x", "time_axis"], ["picture"]),
            helper.make_node("Conv", ["picture", "weights"], ["patches"], kernel_shape=[2, 2], strides=[2, 2]),
            helper.make_node("Reshape", ["patches", "flat"], ["columns"]),
            helper.make_node("Transpose", ["columns"], ["rows"], perm=[0, 2, 1]),
            helper.make_node("Concat", ["class_token", "rows"], ["tokens"], axis=1),
            helper.make_node("Mul", ["tokens", "waves"], ["last_hidden_state"]),
        ],
        [value("x", FLOAT, [1, 2, 1, 4, 4]), value("waves", FLOAT, [2])],
        [value("last_hidden_state", FLOAT, [1, 5, 2])],
        [
            constant("weights", weights),
            constant("time_axis", [2], np.int64),
            constant("flat", [1, 2, 4], np.int64),
            constant("class_token", [[[100, -100]]]),
        ],
    )


def broken() -> None:
    projection = constant("projection", COLOUR_TO_VECTOR)
    image, out = value("pixel_values", FLOAT, ["batch", 3, 8, 8]), value("image_embeds", FLOAT, ["batch", 4])
    good = save("broken/opset.onnx", image_nodes("pixel_values", "image_embeds"), [image], [out], [projection], opset=99)
    (ROOT / "broken" / "truncated.onnx").write_bytes(good[: len(good) // 2])
    save(
        "broken/nan.onnx",
        [*image_nodes("pixel_values", "mean"), helper.make_node("Sub", ["mean", "ten"], ["below"]), helper.make_node("Log", ["below"], ["image_embeds"])],
        [image],
        [out],
        [projection, constant("ten", [10.0])],
    )
    save("broken/large.onnx", image_nodes("pixel_values", "image_embeds"), [value("pixel_values", FLOAT, ["batch", 3, 16, 16])], [out], [projection])
    save(
        "broken/five.onnx",
        image_nodes("pixel_values", "image_embeds"),
        [image],
        [value("image_embeds", FLOAT, ["batch", 5])],
        [constant("projection", [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0]])],
    )
    save("broken/operator.onnx", [helper.make_node("Teleport", ["pixel_values"], ["image_embeds"])], [image], [out])


def special(ids: dict[str, int], first: str, last: str):
    piece = lambda token: {"SpecialToken": {"id": token, "type_id": 0}}
    text = {"Sequence": {"id": "A", "type_id": 0}}
    return {
        "type": "TemplateProcessing",
        "single": [piece(first), text, piece(last)],
        "pair": [piece(first), text, piece(last), {"Sequence": {"id": "B", "type_id": 1}}, piece(last)],
        "special_tokens": {token: {"id": token, "ids": [ids[token]], "tokens": [token]} for token in (first, last)},
    }


def added(ids: dict[str, int], tokens):
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return [{"id": ids[token], "content": token, **flags} for token in tokens]


def write_json(path: str, content) -> None:
    target = ROOT / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def tokenizers() -> None:
    ids = {word: i for i, word in enumerate(WORDS)}
    word_piece = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added(ids, WORDS[:4]),
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": special(ids, "[CLS]", "[SEP]"),
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": ids},
    }
    for folder in ("tiny-clip", "tiny-text"):
        write_json(f"{folder}/tokenizer.json", word_piece)

    # As CLIP's: bytes as letters, words that end in "</w>", merges.
    letters = list("abcdefghijklmnopqrstuvwxyz")
    merges = [["r", "o"], ["ro", "a"], ["roa", "d</w>"], ["s", "h"], ["sh", "i"], ["shi", "p</w>"], ["shi", "p"]]
    vocabulary = [*letters, *[f"{letter}</w>" for letter in letters], *["".join(pair) for pair in merges]]
    start, end = "<|startoftext|>", "<|endoftext|>"
    ids = {token: i for i, token in enumerate([*vocabulary, start, end])}
    write_json(
        "tokenizers/bpe.json",
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": added(ids, [start, end]),
            "normalizer": {
                "type": "Sequence",
                "normalizers": [{"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "}, {"type": "Lowercase"}],
            },
            "pre_tokenizer": {
                "type": "Sequence",
                "pretokenizers": [
                    {"type": "Split", "pattern": {"Regex": "[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"}, "behavior": "Removed", "invert": True},
                    {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True},
                ],
            },
            "post_processor": {"type": "RobertaProcessing", "sep": [end, ids[end]], "cls": [start, ids[start]], "trim_offsets": False, "add_prefix_space": False},
            "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
            "model": {
                "type": "BPE",
                "dropout": None,
                "unk_token": end,
                "continuing_subword_prefix": "",
                "end_of_word_suffix": "</w>",
                "fuse_unk": False,
                "byte_fallback": False,
                "vocab": ids,
                "merges": [" ".join(pair) for pair in merges],
            },
        },
    )

    # As SentencePiece's: "▁" before words, the likeliest pieces.
    pieces = [["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0], ["▁", -3.0], ["▁road", -2.0], ["▁ship", -2.5], ["s", -3.0], ["▁r", -4.0], ["o", -4.0], ["a", -4.0], ["d", -4.0]]
    ids = {token: i for i, (token, _) in enumerate(pieces)}
    write_json(
        "tokenizers/unigram.json",
        {
            "version": "1.0",
            "truncation": None,
            "padding": {"strategy": "BatchLongest", "direction": "Right", "pad_id": 0, "pad_type_id": 0, "pad_token": "<pad>"},
            "added_tokens": added(ids, ["<pad>", "</s>", "<unk>"]),
            "normalizer": {"type": "Lowercase"},
            "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                "pair": [],
                "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}},
            },
            "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
            "model": {"type": "Unigram", "unk_id": 2, "vocab": pieces, "byte_fallback": False},
        },
    )


if __name__ == "__main__":
    for make in (dual_encoders, text_encoder, detectors, segmenters, geo_encoder, broken, tokenizers):
        make()
    for file in sorted(ROOT.rglob("*")):
        if file.suffix == ".onnx" and "broken" not in file.parts:
            onnx.checker.check_model(str(file))
    print(f"{sum(1 for file in ROOT.rglob('*') if file.is_file())} files under {ROOT}")
