"""Models of transformers small enough to be made up on the spot, without a hub."""

import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    BertTokenizerFast,
    GPT2Config,
    GPT2LMHeadModel,
    T5Config,
    T5ForConditionalGeneration,
    ViTConfig,
    ViTForImageClassification,
    ViTImageProcessorPil,
    pipeline,
)

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "film", "a", "very"]
SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}


class Mine(BertModel):
    """A class that transformers does not have."""


def tokenizer():
    return BertTokenizerFast(vocab={word: place for place, word in enumerate(WORDS)})


def config(**more):
    torch.manual_seed(0)
    return BertConfig(vocab_size=len(WORDS), **SMALL, **more)


def classifier():
    return BertForSequenceClassification(config(id2label={0: "neg", 1: "so", 2: "pos"}, initializer_range=0.5)).eval()


def classifying():
    return pipeline("text-classification", model=classifier(), tokenizer=tokenizer())


def regressor():
    return BertForSequenceClassification(config(num_labels=1)).eval()


def seeing():
    torch.manual_seed(0)
    return ViTForImageClassification(ViTConfig(image_size=32, patch_size=16, **SMALL)).eval()


def looking():
    return pipeline(
        "image-classification", model=seeing(), image_processor=ViTImageProcessorPil(size={"height": 32, "width": 32})
    )


def mine():
    return Mine(config())


def writing():
    torch.manual_seed(0)
    return GPT2LMHeadModel(GPT2Config(vocab_size=10, n_embd=16, n_layer=1, n_head=2, n_positions=32)).eval()


def translating():
    return T5ForConditionalGeneration(
        T5Config(vocab_size=10, d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2, decoder_start_token_id=0)
    ).eval()
