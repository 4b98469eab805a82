"""A small sentence encoder, as published and fine-tuned on our messages: text in, a vector of what it says out."""

from nlu.encoder.encoder import FOLDER, INTENT, MEANING, PREFIX, Encoder, EncoderUnavailableError, Pieces

__all__ = ["FOLDER", "INTENT", "MEANING", "PREFIX", "Encoder", "EncoderUnavailableError", "Pieces"]
