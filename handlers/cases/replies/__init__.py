"""Every sentence that the bot says about cases, by whom it is said to."""
