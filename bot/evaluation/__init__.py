"""Measures understanding and policy answers on what took no part in training: `gridbot evaluate`."""
