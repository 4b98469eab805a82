"""A small sentence encoder, fine-tuned on our own messages: text in, a vector that says what it is about out."""

from nlu.encoder.encoder import FOLDER, PREFIX, Encoder, EncoderUnavailableError

__all__ = ["FOLDER", "PREFIX", "Encoder", "EncoderUnavailableError"]
