"""Learns the WordPiece vocabulary of the text tower: captions, the ontology's names, the landmark pack, the Chinese glosses.

    python make_tokenizer.py --data $TERRALOGUE_DATA --out tokenizer.json
"""

import argparse
import glob
import json
import os
import re

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from data import Translator, read_lines

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
LIMIT = 40


def corpus(data):
    translate = Translator()
    for path in sorted(glob.glob(os.path.join(data, "captions/*/train_caps.txt"))):
        for line in read_lines(path):
            yield line
            yield translate(line)
    for path in sorted(glob.glob(os.path.join(ROOT, "knowledge/ontology/*.ts"))):
        names = re.findall(r'"([^"\n]+)"', open(path, encoding="utf-8").read())
        for _ in range(8):
            yield from names
    for path in sorted(glob.glob(os.path.join(ROOT, "knowledge/pack/*.jsonl"))):
        for line in read_lines(path):
            if line.strip():
                landmark = json.loads(line)
                yield landmark["text"]
                yield " ".join([landmark["name"], *landmark.get("aliases", [])])


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--data", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--vocabulary", type=int, default=6000)
    args = args.parse_args()
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=40))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True, handle_chinese_chars=True, clean_text=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    trainer = trainers.WordPieceTrainer(
        vocab_size=args.vocabulary, min_frequency=2, special_tokens=special, limit_alphabet=3000, continuing_subword_prefix="##"
    )
    tokenizer.train_from_iterator(corpus(args.data), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.enable_truncation(LIMIT)
    tokenizer.save(args.out, pretty=False)
    print(tokenizer.get_vocab_size(), tokenizer.encode("Many planes are parked next to 高速公路出口 logistics parks.").tokens)


main()
