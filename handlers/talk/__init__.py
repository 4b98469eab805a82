"""Talk: greetings, help, yes and no without a question, a human, and what the bot does not do."""
